import { dateOf, type Instant } from '../../src/domain/time.ts';
import { table } from '../write-part.ts';
import type { Because, Compared } from './compare.ts';
import { UNUSED_AFTER_DAYS } from './lives.ts';
import { CHECKS, type Check, type ProwlerResult } from './scan.ts';

/** What there was at one of the two moments. */
export interface Looked {
  readonly at: Instant;
  readonly accounts: number;
  readonly results: readonly ProwlerResult[];
  readonly compared: readonly Compared[];
}

/** The part of docs/compared.md. */
export const comparedPart = (
  before: Looked,
  after: Looked,
  versions: { readonly prowler: string; readonly python: string },
): string => `## Counted by Prowler

Measured on ${dateOf(after.at)} with Prowler ${versions.prowler} on Python ${versions.python}: \`npm run bench:prowler\`. The organization
is that of the demo: ${after.accounts} accounts that can be entered, and one that is suspended. _Before_ is the day of the first run; _after_
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
        ['check', 'account', 'user', 'why', 'what the service says'],
        compared.map(({ check, accountName, userName, because }) => [
          `\`${check}\``,
          accountName,
          `\`${userName}\``,
          because.kind,
          because.text,
        ]),
      );

function disagreements(looked: readonly (readonly [when: string, looked: Looked])[]): string {
  const all = looked.flatMap(([when, { compared }]) => {
    const agreed = compared.filter(({ foundBy }) => foundBy === 'both').length;
    const others = compared.filter(({ foundBy }) => foundBy !== 'both');
    return [[when, agreed, others] as const];
  });
  const rows = all.flatMap(([when, , others]) =>
    groups(others).map(({ check, foundBy, because, users }) => [
      when,
      `\`${check}\``,
      foundBy === 'prowler' ? 'Prowler' : 'the service',
      because.kind,
      because.kind === 'counted otherwise' ? because.text : TEXTS[because.kind],
      users.map((user) => `\`${user}\``).join(', '),
    ]),
  );
  const agreed = all.map(([when, both]) => `${when} in ${both}`).join(', ');
  const unexplained = all
    .flatMap(([, , others]) => others)
    .filter(({ because }) => because.kind === 'unexplained');
  const head = ['when', 'check', 'found only by', 'why', 'that is', 'users'];
  return `Both name the same finding ${agreed} cases. ${rows.length === 0 ? 'Nowhere.' : 'Otherwise:'}

${rows.length === 0 ? '' : lines(head, rows)}

Without an explanation: ${unexplained.length}.`;
}

/** What the kinds mean, where one of the two alone has it. */
const TEXTS: Readonly<Record<Exclude<Because['kind'], 'counted otherwise'>, string>> = {
  root: 'The service reports keys of root once, Prowler also counts them as keys of a user.',
  exempt: 'Somebody answers for it until a date; the service lists it as exempt.',
  'needs a person': 'The service lists it among what needs a person.',
  'under way': 'It has been replaced, or is a replacement, and what is next is dated.',
  announced: 'It has been announced, and what is next is dated.',
  'not entered': 'The service has no role in that account, and says so.',
  unexplained: '',
};

interface Group extends Pick<Compared, 'check' | 'foundBy' | 'because'> {
  readonly users: readonly string[];
}

function groups(compared: readonly Compared[]): readonly Group[] {
  const found = new Map<string, Group>();
  for (const one of compared) {
    const { check, foundBy, because, userName } = one;
    const key = `${check} ${foundBy} ${because.kind}`;
    const users = [...(found.get(key)?.users ?? []), userName];
    found.set(key, { check, foundBy, because: found.get(key)?.because ?? because, users });
  }
  return [...found.values()];
}

const lines = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
