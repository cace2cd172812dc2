import { expect } from 'chai';
import fc from 'fast-check';
import pc from 'picocolors';
import { linesOf, padded, widthOf } from '../../../src/cli/output/wrap-cells.ts';
import { escape } from '../../../src/cli/output/escape.ts';
import { anyText, HOSTILE } from '../../support/hostile.ts';
import { columnsByCharacter } from './columns.ts';

const { red, dim, bold } = pc.createColors(true);
const CODES = /\u001b\[[\d;]*m/g;

describe('the width of a line', () => {
  const WIDTHS: readonly (readonly [string, string, number])[] = [
    ['nothing', '', 0],
    ['a name', 'svc-ledger', 10],
    ['accents', 'Größe', 5],
    ['letters in pieces', 'e\u0301\u0302 a\u0308', 3],
    ['wide letters', '支払いシステム', 14],
    ['narrow Japanese letters', 'ｼｽﾃﾑ', 4],
    ['Korean, whole and in pieces', '각\u1100\u1161\u11a8', 4],
    ['Hebrew with points', 'שָׁלוֹם', 4],
    ['Thai', 'ที่นี่', 2],
    // Three to five, as terminals go; no more than the library for Node 20 can tell.
    ['Hindi', 'हिन्दी', 4],
    ['faces', '😀👍', 4],
    ['a flag', '🇩🇪', 2],
    ['a colour', red('no'), 2],
  ];
  for (const [what, line, width] of WIDTHS) {
    it(`is ${width} for ${what}`, () => {
      expect(widthOf(line)).to.equal(width);
    });
  }
});

describe('the lines of a cell', () => {
  const arn = 'arn:aws:iam::1:role/x';
  const LINES: readonly (readonly [string, string, readonly string[]])[] = [
    ['one, if it fits', 'one two', ['one two']],
    ['one, for nothing', '', ['']],
    ['broken at blanks', 'one two three four', ['one two', 'three four']],
    ['broken where the text is', 'one\ntwo\n\nthree', ['one', 'two', '', 'three']],
    ['without the blanks around them', '  one  \n two     three four', ['one', 'two three', 'four']],
    ['broken within a word that is too long', `in ${arn} now`, ['in arn:aws', ':iam::1:ro', 'le/x now']],
    ['as wide as wide letters are', '支払い請求入金', ['支払い請求', '入金']],
    ['not broken within a wide letter', 'x支払い請求', ['x支払い請', '求']],
    ['not broken within a letter in pieces', 'e\u0301'.repeat(11), ['\u00e9'.repeat(10), '\u00e9']],
    ['not broken within a flag', 'x🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪', ['x🇩🇪🇩🇪🇩🇪🇩🇪', '🇩🇪']],
    ['without what terminals disagree on', '👍🏽 ❤\ufe0f 1\ufe0f\u20e3', ['👍 ❤ 1']],
    ['without a command, but with what it is', 'a\u0007\u200db', ['a\\u0007\\u2', '00db']],
    [
      'even of a letter that has no end',
      `\u0915${'\u093f'.repeat(12)}`,
      [`\u0915${'\u093f'.repeat(9)}`, '\u093f\u093f\u093f'],
    ],
  ];
  for (const [what, text, lines] of LINES) {
    it(`are ${what}`, () => {
      expect(linesOf(text, 10)).to.deep.equal(lines);
    });
  }

  const CUT: readonly (readonly [string, string, number, readonly string[]])[] = [
    ['not where all of it fits', 'one two three four', 2, ['one two', 'three four']],
    ['at the last line there may be', 'one two three four five', 2, ['one two', 'three fou…']],
    ['before a blank', 'three for five', 1, ['three for…']],
    ['before a wide letter', '支払い請求入金出金', 1, ['支払い請…']],
    ['after an empty line', 'one\n\ntwo', 2, ['one', '…']],
  ];
  for (const [where, text, most, lines] of CUT) {
    it(`are cut ${where}`, () => {
      expect(linesOf(text, 10, most)).to.deep.equal(lines);
    });
  }

  const COLOURED: readonly (readonly [string, string, number, readonly string[]])[] = [
    ['one line', `${red('one')}, two`, 9, [`${red('one')}, two`]],
    ['each of its lines', `${dim('one two three')} four`, 2, [dim('one two'), `${dim('three')} four`]],
    ['the lines that are not cut', dim('one two three'), 1, [`${dim('one two')}…`]],
    ['pieces of a word', red('onetwothreefour'), 2, [red('onetwothre'), red('efour')]],
    [
      'within another one',
      bold(`one ${red('two three')} four`),
      9,
      [bold(`one ${red('two')}`), bold(`${red('three')} four`)],
    ],
  ];
  for (const [where, text, most, lines] of COLOURED) {
    it(`keep their colour in ${where}`, () => {
      expect(linesOf(text, 10, most)).to.deep.equal(lines);
    });
  }

  const widths = fc.integer({ min: 2, max: 60 });

  it('are never wider than they may be, and lose nothing but blanks and what is disputed', () => {
    const written = (text: string) =>
      text.normalize().replace(/\s|\p{Default_Ignorable_Code_Point}|\u20e3|\p{Emoji_Modifier}/gu, '');
    fc.assert(
      fc.property(anyText, widths, (text, width) => {
        const lines = linesOf(text, width);
        expect(Math.max(...lines.map(widthOf))).to.be.at.most(width);
        expect(written(lines.join(''))).to.equal(written(escape(text)));
      }),
    );
  });

  it('are cut only where there are too many, and then say so', () => {
    fc.assert(
      fc.property(anyText, widths, fc.integer({ min: 1, max: 9 }), (text, width, most) => {
        const all = linesOf(text, width);
        const lines = linesOf(text, width, most);
        if (all.length <= most) {
          expect(lines).to.deep.equal(all);
        } else {
          expect(lines).to.have.length(most);
          expect(lines.slice(0, -1)).to.deep.equal(all.slice(0, most - 1));
          const [, end = 'no ellipsis'] = /^(.*)…$/s.exec(lines.at(-1) ?? '') ?? [];
          expect(all[most - 1]?.startsWith(end), end).to.equal(true);
          expect(Math.max(...lines.map(widthOf))).to.be.at.most(width);
        }
      }),
    );
  });

  it('are the same in colours, and end all that they begin', () => {
    const painted = fc.tuple(
      fc.constantFrom(red, dim, bold, String),
      anyText.map((text) => `(${text})`),
    );
    fc.assert(
      fc.property(fc.array(painted, { maxLength: 5 }), widths, (words, width) => {
        const coloured = linesOf(words.map(([paint, word]) => paint(word)).join(' '), width);
        const plain = linesOf(words.map(([, word]) => word).join(' '), width);
        expect(coloured.map((line) => line.replaceAll(CODES, ''))).to.deep.equal(plain);
        for (const line of coloured) {
          const [last = ''] = line.match(CODES)?.slice(-1) ?? [];
          expect(last).to.match(/^$|\[(?:0|22|39)m$/);
        }
      }),
    );
  });

  for (const [title, text] of Object.entries(HOSTILE)) {
    it(`have the width that others measure, too: ${title}`, () => {
      for (const line of linesOf(text, 40)) expect(widthOf(line)).to.equal(columnsByCharacter(line));
    });
  }

  for (const [align, filled] of [
    ['left', '支払  '],
    ['right', '  支払'],
  ] as const) {
    it(`are filled up with blanks, aligned ${align}`, () => {
      expect(padded('支払', 6, align)).to.equal(filled);
    });
  }
});
