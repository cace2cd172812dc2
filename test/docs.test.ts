import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const ARCHITECTURE = 'docs/architecture.md';
const DECISIONS = 'docs/decisions';
const PAGES = [
  'CONTRIBUTING.md',
  ARCHITECTURE,
  ...readdirSync(DECISIONS).map((name) => `${DECISIONS}/${name}`),
];

const LINKED = [
  ...PAGES,
  'README.md',
  'CHANGELOG.md',
  ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : [])),
];

/** Links and pictures, but those to the web. */
const linksIn = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link));

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (page: string): readonly string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

function leadsSomewhere(link: string, from: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : join(dirname(from), path);
  return existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
}

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

  for (const page of new Set(LINKED)) {
    it(`${page} has only links that lead somewhere`, () => {
      const links = linksIn(readFileSync(page, 'utf8'));
      expect(links.filter((link) => !leadsSomewhere(link, page))).to.deep.equal([]);
    });
  }

  it('begin with a README that is read at once: under 200 lines', () => {
    expect(readFileSync('README.md', 'utf8').trimEnd().split('\n')).to.have.length.below(200);
  });

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
