/** The packages that production runs, and on what terms. Reads the lockfile and what is installed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const LIST = join(ROOT, 'THIRD-PARTY-LICENSES.md');

export interface Package {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; undefined when the package doesn't say. */
  readonly license: string | undefined;
  /** As the package has it. */
  readonly text: string | undefined;
}

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** Licences that ask for no more than to be named, if that. A new one is a person's decision. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

/** Whether an SPDX expression leaves us a way without copyleft: all of an AND, any of an OR. */
export function isPermissive(expression: string | undefined): boolean {
  const tokens = expression?.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const operand = (): boolean => {
    const token = tokens[at++];
    if (token !== '(') return token !== undefined && PERMISSIVE.has(token);
    const inside = any();
    return tokens[at++] === ')' && inside;
  };
  const all = (): boolean => {
    let holds = operand();
    while (tokens[at] === 'AND') {
      at += 1;
      holds = operand() && holds;
    }
    return holds;
  };
  const any = (): boolean => {
    let holds = all();
    while (tokens[at] === 'OR') {
      at += 1;
      holds = all() || holds;
    }
    return holds;
  };
  // What is left over, as in "MIT WITH something" or "SEE LICENSE IN x", is not understood.
  return any() && at === tokens.length;
}

/** What `npm ci --omit=dev` installs, by name. */
export function productionPackages(root = ROOT): readonly Package[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const found = Object.entries(lock.packages)
    .filter(([path, { dev, link }]) => path.includes('node_modules/') && dev !== true && link !== true)
    .map(([path, locked]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: locked.version ?? '?',
      license: locked.license,
      text: textIn(join(root, path)),
    }));
  // The same version may lie in two places.
  const distinct = [...new Map(found.map((one) => [nameOf(one), one])).values()];
  return distinct.sort((one, other) => compare(nameOf(one), nameOf(other)));
}

/** One after the other, by the unit: the same on every machine. */
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

export const nameOf = ({ name, version }: Package): string => `${name}@${version}`;

/** The terms themselves, and the notices that Apache's licence wants to be passed on. */
function textIn(folder: string): string | undefined {
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const texts = files
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r', '').trim())
    .map((text) => text.replaceAll(/[ \t]+$/gm, ''));
  return texts.length === 0 ? undefined : texts.join('\n\n');
}

/** What can't be shipped as it is, a sentence each. */
export const objections = (packages: readonly Package[]): readonly string[] =>
  packages
    .filter(({ license }) => !isPermissive(license))
    .map(
      (one) => `${nameOf(one)}: ${one.license ?? 'no licence named'} is not a licence known to be permissive`,
    );

const HEAD = `# Third-party licences

What runs in production: the dependencies of \`package.json\` and theirs, as \`package-lock.json\` pins
them. Made by \`node scripts/licenses.ts\`; don't edit. The function's bundle holds a part of them.
`;

/** The list, as markdown that prettier leaves alone. */
export function render(packages: readonly Package[]): string {
  const lines = packages.map((one) => `- \`${nameOf(one)}\`: ${one.license ?? 'unknown'}`);
  const groups = new Map<string, Package[]>();
  for (const one of packages.filter(({ text }) => text !== undefined)) {
    groups.set(termsOf(one), [...(groups.get(termsOf(one)) ?? []), one]);
  }
  const texts = [...groups.values()].map((group) => {
    const names = group.map((one) => `\`${one.name}\``).join(', ');
    return `${names}:\n\n\`\`\`text\n${group[0]?.text ?? ''}\n\`\`\`\n`;
  });
  const silent = packages.filter(({ text }) => text === undefined).map(({ name }) => `\`${name}\``);
  const rest = silent.length === 0 ? '' : `\nWithout a text of their own: ${silent.join(', ')}.\n`;
  return `${HEAD}\n## Packages\n\n${lines.join('\n')}\n\n## Texts\n\n${texts.join('\n')}${rest}`;
}

/** Apache's is always the same text, but for an example in its appendix; with a notice it is longer. */
const termsOf = ({ license, text = '' }: Package): string =>
  license === 'Apache-2.0' && text.length < 11_500 ? license : text;
