import { combined, sumOf, type CallsByAction } from '../test/support/calls-by-action.ts';
import type { Measured } from './measure-calls.ts';
import type { ReplacementCalls } from './replacement-calls.ts';
import { table } from './write-part.ts';

/** What this project asks of itself, in calls of a whole run. */
const AIMS: Readonly<Record<string, number>> = {
  '3 x 20, young, first run': 20,
  '3 x 20, young, later': 20,
  '50 x 100, one in fifty due': 1_400,
  '3 x 20, all due, first time': 600,
  '3 x 20, all due, next time': 430,
};
/** In calls of one replacement. */
const REPLACEMENT_AIMS = { first: 8, next: 6 };

/** The part of docs/performance.md about calls. */
export const callsPart = (measured: readonly Measured[], replacement: ReplacementCalls): string => `## Calls

Calls of a whole run: accounts are listed, settings read, keys looked at and replaced, digests and summary
published, and what the next run needs is kept. The management account is one of the accounts. _User by user_ is the
way most rotations go, written down in \`bench/naive.ts\`: enter every account, list its users, list the keys of each
user, and ask for the last use of each key, one after the other. It replaces a due key with two calls, and neither
tests nor records nor tells anything. _Later_ is the mean of four weekly runs: each account is worked through in one of
four, although nothing seems to be due in it.

![Calls per user and run](images/calls.svg)

${table(
  ['accounts x users', 'calls', 'user by user', 'user by user / calls'],
  measured.map(({ name, ours, naive }) => [
    name,
    rounded(sumOf(ours)),
    sumOf(naive),
    (sumOf(naive) / sumOf(ours)).toFixed(1),
  ]),
)}

### Aims

${table(
  ['calls', 'aim', 'measured', 'met'],
  [
    ...measured.flatMap(({ name, ours }) =>
      AIMS[name] === undefined ? [] : [aimed(name, AIMS[name], sumOf(ours))],
    ),
    aimed('a replacement, first time', REPLACEMENT_AIMS.first, sumOf(replacement.first)),
    aimed('a replacement, next time', REPLACEMENT_AIMS.next, sumOf(replacement.next)),
  ],
)}

${WHY_NOT_LESS}

### By action

${byActions(measured.map(({ name, ours }): [string, CallsByAction] => [name, ours]))}

One replacement, once it is known that the key is due. \`ListAccessKeys\` is the look right before anything is written
down: the one that told that the key is due may be minutes old.

${byActions([
  ['first time', replacement.first],
  ['next time', replacement.next],
])}`;

const WHY_NOT_LESS = `A run over young keys costs three calls an account (\`AssumeRole\`, two for the report) and ten for the whole, two of which
keep its report: that is why the first aim is missed. An
account that is worked through in its turn takes some six more: its rows, its users, a seventh of their keys, its
secrets; which accounts and users are in turn is drawn from their ids, so two runs of this program differ by a few calls. A replacement is nine calls: the keys of the user as they are now, the intent, the key, its secret and the
secret's policy, the value, the test, the label, and what was delivered. Eight would do if the keys were not listed
again right before the intent, but then a key that a person makes in between could be taken for one that this run lost, and
deleted; six the next time, if nobody read the secret's policy again or marked the secret as about to be written. The test, the label
and the two rows are what lets a run die anywhere without losing a secret. Of the run over 50 accounts, 100 replacements are 900
calls; each of its accounts has something due, and so takes a lease, rows, a digest and an event: some 13 calls.`;

const aimed = (what: string, aim: number, count: number): readonly (string | number)[] => [
  what,
  `at most ${aim.toLocaleString('en-US')}`,
  rounded(count),
  rounded(count) <= aim ? 'yes' : 'no',
];

const rounded = (count: number): number => Math.round(count * 10) / 10;

function byActions(columns: readonly (readonly [title: string, calls: CallsByAction])[]): string {
  const all = combined(
    columns.map(([, calls]) => calls),
    Math.max,
  );
  return table(
    ['action', ...columns.map(([title]) => title)],
    Object.entries(all)
      .filter(([, most]) => rounded(most) > 0)
      .map(([action]) => [`\`${action}\``, ...columns.map(([, calls]) => cell(calls[action] ?? 0))]),
  );
}

const cell = (count: number): string | number => (rounded(count) === 0 ? '' : rounded(count));
