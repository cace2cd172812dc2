import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { deleteKey, readSecret, shellWord, switchKey } from '../../../src/report/common/shell.ts';

describe('a word of a command line', () => {
  const TABLE: readonly [string, string][] = [
    ['ann', 'ann'],
    ['ann.smith_1', 'ann.smith_1'],
    ['ann@example.com', 'ann@example.com'],
    ['billing+export', 'billing+export'],
    ['access-keys/ann', 'access-keys/ann'],
    ['a,b', "'a,b'"],
    ['a=b', "'a=b'"],
    ['=ls', "'=ls'"],
    ['@file', "'@file'"],
    ['two words', "'two words'"],
    ["it's", "'it'\\''s'"],
    ['$(rm -rf ~)', "'$(rm -rf ~)'"],
    ['`id`;id|id&', "'`id`;id|id&'"],
    ['', "''"],
  ];
  for (const [value, word] of TABLE) {
    it(`writes ${JSON.stringify(value)} as ${word}`, () => {
      expect(shellWord(value)).to.equal(word);
    });
  }

  it('comes out of a shell as it went in', () => {
    const word = fc.string({ unit: fc.constantFrom(...`aZ0+=,.@_-/'"\\$\`!*?~ #;&|<>(){}[]`.split('')) });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const script = `printf '%s\\n' ${words.map(shellWord).join(' ')}`;
        expect(execFileSync('sh', ['-c', script]).toString()).to.equal(
          words.map((one) => `${one}\n`).join(''),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('a command', () => {
  it('hands over a name that looks like an option', () => {
    expect(switchKey('--force', 'AKIATHIS', 'Active')).to.equal(
      "aws iam update-access-key --user-name='--force' --access-key-id AKIATHIS --status Active",
    );
  });

  it('quotes what needs it, and only that', () => {
    expect(deleteKey('a,b', 'AKIATHIS')).to.equal(
      "aws iam delete-access-key --user-name 'a,b' --access-key-id AKIATHIS",
    );
    expect(readSecret('eu-central-1', 'access-keys/a=b')).to.contain(
      "--secret-id 'access-keys/a=b' --version-stage",
    );
  });
});
