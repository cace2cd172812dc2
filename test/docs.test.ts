import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const ARCHITECTURE = 'docs/architecture.md';
const DECISIONS = 'docs/decisions';
const PAGES = [
  'CONTRIBUTING.md',
  ARCHITECTURE,
  ...readdirSync(DECISIONS).map((name) => `${DECISIONS}/${name}`),
];

/** A file or a folder of this repository, and not, say, the name of a package or of an AWS key. */
const PATH =
  /^(?:(?:\.ci|\.github|bench|demo|docs|examples|resources|scripts|src|test)(?:\/[\w.-]+)*\/?|\.?[\w-]+(?:\.[\w-]+)*\.(?:md|json|js|ts|yml))$/;

const inBackticks = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

const section = (title: string): string =>
  readFileSync(ARCHITECTURE, 'utf8').split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

describe('The pages for people who carry on', () => {
  for (const page of PAGES) {
    it(`${page} names only files that exist`, () => {
      const paths = inBackticks(readFileSync(page, 'utf8')).filter((code) => PATH.test(code));
      expect(paths).to.have.length.above(0);
      expect(paths.filter((path) => !existsSync(path))).to.deep.equal([]);
    });
  }

  it('explain at most 25 words', () => {
    expect(section('Glossary').match(/^- \*\*/gm) ?? []).to.have.length.within(1, 25);
  });

  describe('answer ten questions', () => {
    const answers = inBackticks(section('Ten questions'));

    it('each with a file', () => expect(answers).to.have.length(10));

    for (const file of answers) {
      it(`${file} can be read at once: it has at most 250 lines`, () => {
        expect(readFileSync(file, 'utf8').trimEnd().split('\n')).to.have.length.at.most(250);
      });
    }
  });
});
