import { dateOf, type Instant } from '../../src/domain/time.ts';
import { table } from '../write-part.ts';
import type { Because, Compared } from './compare.ts';
import { UNUSED_AFTER_DAYS } from './lives.ts';
import type { OcsfRead } from './read-ocsf.ts';
import { CHECKS, type Check, type ProwlerResult } from './scan.ts';

/** What there was at one of the two moments. */
export interface Looked {
  readonly at: Instant;
  readonly accounts: number;
  readonly results: readonly ProwlerResult[];
  readonly compared: readonly Compared[];
  /** What of `report --ocsf` Prowler's models of findings take. */
  readonly ocsf: OcsfRead;
}

/** The part of docs/compared.md. */
export const comparedPart = (
  before: Looked,
  after: Looked,
  versions: { readonly prowler: string; readonly python: string },
): string => `## Counted by Prowler

Measured on ${dateOf(after.at)} with Prowler ${versions.prowler} on Python ${versions.python}: \`npm run bench:prowler\`. The organization
is that of the demo: ${after.accounts} accounts (the service has no role in one of them), and one that is suspended. _Before_ is the day of the first run; _after_
is eight weeks and nine weekly runs in mode \`enforce\` later, in which owners moved to their new keys, or didn't.
\`unusedAfter\` is ${UNUSED_AFTER_DAYS} days, as in Prowler's own configuration (the default here is 90); everything else is as it comes.

${table(
  ['check', 'before: pass', 'before: fail', 'after: pass', 'after: fail'],
  CHECKS.map((check) => [
    `\`${check}\``,
    ...[before, after].flatMap(({ results }) => [
      count(results, check, 'PASS'),
      count(results, check, 'FAIL'),
    ]),
  ]),
)}

Prowler counts users where all is well, and keys where something isn't. Of a root user without any credentials it says nothing.

The service writes findings of the same keys for a SIEM (\`report --ocsf\`). The models of OCSF with which Prowler writes
its own, py-ocsf-models, take ${readOf(before, after)}.

### What still fails, and why

${reasons(after.compared.filter(({ foundBy }) => foundBy !== 'service'))}

### Where the two disagree

${disagreements([
  ['before', before],
  ['after', after],
])}
`;

const count = (results: readonly ProwlerResult[], check: Check, status: ProwlerResult['status']): number =>
  results.filter((one) => one.check === check && one.status === status).length;

const reasons = (compared: readonly Compared[]): string =>
  compared.length === 0
    ? 'Nothing.'
    : lines(
        ['check', 'why', 'that is', 'users'],
        groups(compared).map((group) => [
          `\`${group.check}\``,
          group.because.kind,
          meaningOf(group),
          group.users,
        ]),
      );

function disagreements(looked: readonly (readonly [when: string, looked: Looked])[]): string {
  const all = looked.flatMap(([when, { compared }]) => {
    const agreed = compared.filter(({ foundBy }) => foundBy === 'both').length;
    const others = compared.filter(({ foundBy }) => foundBy !== 'both');
    return [[when, agreed, others] as const];
  });
  const rows = all.flatMap(([when, , others]) =>
    groups(others).map((group) => [
      when,
      `\`${group.check}\``,
      group.foundBy === 'prowler' ? 'Prowler' : 'the service',
      meaningOf(group),
      group.users,
    ]),
  );
  const agreed = all.map(([when, both]) => `${when} in ${both}`).join(', ');
  const unexplained = all
    .flatMap(([, , others]) => others)
    .filter(({ because }) => because.kind === 'unexplained');
  const head = ['when', 'check', 'found only by', 'why', 'users'];
  return `Both name the same finding ${agreed} cases. ${rows.length === 0 ? 'Nowhere.' : 'Otherwise:'}

${rows.length === 0 ? '' : lines(head, rows)}

Without an explanation: ${unexplained.length}.`;
}

function readOf(...looked: readonly Looked[]): string {
  const valid = looked.reduce((sum, { ocsf }) => sum + ocsf.valid, 0);
  const refused = looked.reduce((sum, { ocsf }) => sum + ocsf.refused.length, 0);
  return `${valid} of the ${valid + refused}`;
}

/** What the kinds mean for people. Where a text is absent, that of the key says it. */
const MEANINGS: Readonly<Partial<Record<Because['kind'], string>>> = {
  root: 'Only root can delete the keys of the root user; every run says so. Prowler counts an old one as a key of a user, too.',
  'needs a person':
    'Two keys, both in use: only a person can choose. Every digest says so, and what used each last.',
  'under way': 'Two keys while an owner moves: one replaces the other, and what is next is dated.',
  announced: 'It has been announced, and what is next is dated.',
  'not entered': 'The service has no role in that account, and says so.',
};

const meaningOf = ({ because }: Pick<Compared, 'because'>): string => MEANINGS[because.kind] ?? because.text;

interface Group extends Pick<Compared, 'check' | 'foundBy' | 'because'> {
  /** With their accounts. */
  readonly users: string;
}

function groups(compared: readonly Compared[]): readonly Group[] {
  const found = new Map<string, Group>();
  for (const one of compared) {
    const key = `${one.check} ${one.foundBy} ${meaningOf(one)}`;
    const { users, ...group } = found.get(key) ?? { ...one, users: '' };
    const user = `\`${one.userName}\` (${one.accountName})`;
    found.set(key, {
      ...group,
      users: users.includes(user) ? users : [users, user].filter(Boolean).join(', '),
    });
  }
  return [...found.values()];
}

const lines = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
