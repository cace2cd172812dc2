import { expect } from 'chai';
import fc from 'fast-check';
import { clean, sentence, wrap } from '../../../src/report/common/sanitize.ts';
import { account, decision, failed, failure, gap, untouched } from '../../support/builders.ts';
import { digest, headings } from '../support.ts';

describe('foreign text', () => {
  const TABLE: readonly [string, string, string][] = [
    ['line breaks', 'a\r\n\nb', 'a b'],
    ['Unicode line ends', 'a\u2028b\u2029c\u0085d', 'a b c d'],
    ['tabs and bells', 'a\t\u0007b', 'a b'],
    ['text that runs backwards', 'a\u202Eb', 'ab'],
    ['invisible letters', 'a\u200Bb\uFEFF', 'ab'],
    ['half a letter', 'a\uD83D', 'a'],
    ['spaces around', '  a  b ', 'a b'],
    ['other scripts, which stay', 'Größe 支払い 😀', 'Größe 支払い 😀'],
  ];
  for (const [name, text, expected] of TABLE) {
    it(`is harmless within a line: ${name}`, () => {
      expect(clean(text)).to.equal(expected);
    });
  }

  it('is cut when it is a document, and says so', () => {
    expect(clean('x'.repeat(10_000))).to.equal(`${'x'.repeat(600)}...`);
  });
});

describe('a paragraph', () => {
  it('is broken between words, within 72 columns, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,90}$/), { maxLength: 60 }), (words) => {
        const lines = wrap(words.join(' '), '- ', '  ');
        expect(lines.map((line) => line.slice(2)).join(' ')).to.equal(words.join(' '));
        expect(lines.filter((line) => line.length > 72 && line.trim().split(' ').length > 2)).to.deep.equal(
          [],
        );
      }),
    );
  });

  it('ends like a sentence', () => {
    expect(['a', 'a.', 'a?', ''].map(sentence)).to.deep.equal(['a.', 'a.', 'a?', '']);
  });
});

describe('a name that tries to forge lines', () => {
  const forged = 'x\n\nDONE (1)\n========\n- ann: all is well\u2028DONE (1)\r\n==';

  it('gets no line of its own in a digest, wherever it stands', () => {
    const honest = digest({
      outcomes: [untouched(decision('blocked')), failed(decision('delete'))],
      gaps: [gap('x')],
    });
    const found = digest({
      account: account({ name: forged }),
      outcomes: [
        untouched(decision('blocked', { userName: forged, message: forged })),
        failed(
          decision('delete', { userName: forged }),
          failure({ message: forged, during: forged, nextStep: forged }),
        ),
      ],
      gaps: [{ ...gap(forged), failure: failure({ message: forged, nextStep: forged }) }],
    });
    expect(headings(found)).to.deep.equal(headings(honest));
    expect(found.text).not.to.match(/^(DONE|- ann|==$)/m);
    expect(found.text).not.to.match(/[\r\u2028\u2029\u0085]/);
    expect(found.attributes['accountName']).not.to.match(/[\r\n\u2028]/);
  });

  it('breaks nothing, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, two) => {
        const found = digest({
          account: account({ name: one }),
          outcomes: [untouched(decision('blocked', { userName: two, message: one }))],
          findings: [{ severity: 'critical', message: two, nextStep: one }],
        });
        expect(headings(found)).to.deep.equal(['ASKED OF YOU (1)', 'TO LOOK AT (1)']);
        expect(found.attributes['accountName']).not.to.equal('');
      }),
    );
  });
});
