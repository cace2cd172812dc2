import { expect } from 'chai';
import fc from 'fast-check';
import { digestOf } from '../../../src/report/digest/digest.ts';
import { ascii, digestSubject, subjectOf } from '../../../src/report/digest/subject.ts';
import { account, applied, decision, failed, rotatedAccount, untouched } from '../../support/builders.ts';
import { context, digest, replaced, unusedNotice } from '../support.ts';

const ID = '111122223333';
const subject = (name: string, ...parts: readonly string[]) =>
  digestSubject('Act by 2026-03-11', parts, { name, id: ID });

describe('a subject', () => {
  const TABLE: readonly [string, string, readonly string[], string][] = [
    [
      'has room for a short name and everything that matters',
      'Payments',
      ['use 2 new keys', '1 unused key'],
      '[access-key-rotation] Act by 2026-03-11: use 2 new keys, 1 unused key in Payments (111122223333)',
    ],
    [
      'drops what matters least before it shortens a name much',
      'Payments and Invoices Production',
      ['use 2 new keys', '3 failed', '12 deleted', '4 deactivated'],
      '[access-key-rotation] Act by 2026-03-11: use 2 new keys in Payments and Invoices P... (111122223333)',
    ],
    [
      'writes names in ASCII',
      'Größe Łódź',
      ['1 note'],
      '[access-key-rotation] Act by 2026-03-11: 1 note in Grosse Lodz (111122223333)',
    ],
    [
      'writes ? for what has no letter',
      '支払い',
      ['1 note'],
      '[access-key-rotation] Act by 2026-03-11: 1 note in ??? (111122223333)',
    ],
    [
      'has no line breaks',
      'a\r\nb\u2028c',
      ['1 note'],
      '[access-key-rotation] Act by 2026-03-11: 1 note in a b c (111122223333)',
    ],
    [
      'names what has no name',
      ' \n',
      ['1 note'],
      '[access-key-rotation] Act by 2026-03-11: 1 note in unnamed account (111122223333)',
    ],
  ];
  for (const [it_, name, parts, expected] of TABLE) {
    it(it_, () => {
      expect(subject(name, ...parts)).to.equal(expected);
    });
  }

  it('is what SNS takes, with the whole account id and the first thing to say, for any name', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.string({ maxLength: 60 }),
    );
    const parts = fc.array(fc.constantFrom('use 1,234 new keys', '12 failed', '3 to decide', '4 announced'), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(name, parts, (anyName, anyParts) => {
        const found = subject(anyName, ...anyParts);
        expect(found).to.match(/^[\x20-\x7e]{1,100}$/);
        expect(found)
          .to.contain(`Act by 2026-03-11: ${anyParts[0] ?? ''}`)
          .and.to.match(/ \(111122223333\)$/);
      }),
    );
  });

  it('is what SNS takes for any account id, too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, id) => {
        expect(digestSubject('Nothing asked of you', ['1 failed'], { name, id })).to.match(
          /^[\x20-\x7e]{1,100}$/,
        );
        expect(subjectOf({ name, id }, ['1 failed'])).to.match(/^[\x20-\x7e]{1,100}$/);
      }),
    );
  });

  it('has the most important first', () => {
    const outcomes = [
      untouched(unusedNotice()),
      replaced(decision('replace')),
      failed(decision('delete')),
      applied(decision('deactivate')),
      untouched(decision('blocked')),
    ];
    const report = rotatedAccount({ outcomes, account: account({ name: 'P' }) });
    expect(digestOf(report, context())?.subject).to.equal(
      '[access-key-rotation] Act by 2026-03-11: use 1 new key, 1 unused key in P (111111111111)',
    );
  });

  it('never promises a notice that does not count', () => {
    expect(digest({ outcomes: [untouched(unusedNotice())] }).subject).to.contain(
      'Act by 2026-03-11: 1 unused key in',
    );
    expect(digest({ outcomes: [untouched(unusedNotice())] }, 'replace-only').subject).to.match(
      /Nothing asked of you: 1 to announce in/,
    );
  });
});

describe('text in ASCII', () => {
  const TABLE: readonly [string, string][] = [
    ['Café Crème', 'Cafe Creme'],
    ['Ærø – “X”', 'AEro - "X"'],
    ['ﬁn²', 'fin2'],
    ['😀 ok', '? ok'],
    ['a\tb', 'a?b'],
  ];
  for (const [text, expected] of TABLE) {
    it(`writes ${text} as ${expected}`, () => {
      expect(ascii(text)).to.equal(expected);
    });
  }
});
