import pc from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import type { Account } from '../../domain/account.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import type { Instant } from '../../domain/time.ts';
import { HISTORY_DAYS, type Counted, type UsageGroup } from '../../domain/usage/usage.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import { counted, describeAccount, isoOf, minuteOf, number } from '../../report/common/wording.ts';
import { MOST_PAGES, type KeyUsageReport } from '../../run/usage/look-up-usage.ts';

/* Who uses a key, for people in a terminal and for programs. */

interface About {
  readonly account: Account;
  readonly userName: string;
  readonly now: Instant;
}

/** Of actions and errors; the rest is counted. */
const MOST_NAMED = 6;
/** Longest user agent that is shown; some are pages long. */
const LONGEST_AGENT = 200;

/** What the event history can't show: it must not be taken for proof that nobody uses a key. */
const NOT_SHOWN = [
  `calls more than ${HISTORY_DAYS} days ago, and of the last quarter of an hour`,
  'data events: reading and writing objects of S3, items of DynamoDB, invoking functions, messages of SQS',
  'calls in other regions than these',
  'mail that is sent by SMTP with a password made from the key',
];

/** @param columns of the terminal; absent: for a pipe, where no line is broken */
export function formatUsage(
  reports: readonly KeyUsageReport[],
  { account, userName, now }: About,
  columns?: number,
): string {
  const paragraphs = [
    `Keys of ${clean(userName)} in the account ${describeAccount(account)}, by CloudTrail's event history of ${HISTORY_DAYS} days`,
    ...reports.flatMap((report) => ['', ...linesOfKey(report, now)]),
    '',
    'Not in this history, which does not prove that nobody uses a key:',
    ...NOT_SHOWN.map((what) => `- ${what}`),
  ];
  return `${paragraphs.map((line) => wrapped(line, columns)).join('\n')}\n`;
}

const wrapped = (line: string, columns = Infinity): string => {
  if (columns === Infinity) return line;
  const indent = /^ *(- )?/.exec(line)?.[0].length ?? 0;
  const text = wrapAnsi(line.slice(indent), Math.max(20, columns - indent), { hard: true });
  return line.slice(0, indent) + text.replaceAll('\n', `\n${' '.repeat(indent)}`);
};

function linesOfKey(
  { key, lastUse, regions, groups, incomplete, failures }: KeyUsageReport,
  now: Instant,
): readonly string[] {
  const read = regions.filter((region) => !failures.some((failed) => failed.region === region));
  const asKey: AccessKey = { ...key, lastUse, memory: {} };
  return [
    `${pc.bold(clean(key.id))} (${key.status}; ${describeLastUse(asKey, now)})`,
    ...(read.length === 0
      ? []
      : groups.length === 0
        ? [`No calls in ${read.join(', ')}.`]
        : [
            `${counted(
              groups.reduce((sum, { count }) => sum + count, 0),
              'call',
            )} in ${read.join(', ')}:`,
          ]),
    ...groups.flatMap(linesOfGroup),
    ...incomplete.map(
      (region) => `In ${region} there are more; these are the latest ${number(MOST_PAGES * 50)}.`,
    ),
    ...failures.flatMap(({ region, failure }) => [
      `${pc.red('failed')}  ${region}: ${failure.during}: ${clean(failure.message)}`,
      `  Next step: ${whole(failure.nextStep)}`,
    ]),
  ];
}

const linesOfGroup = (group: UsageGroup): readonly string[] => [
  `- ${clean(group.program, 80)} from ${clean(group.sourceAddress, 80)}: ${counted(group.count, 'call')}, ${minuteOf(group.firstAt)} to ${minuteOf(group.lastAt)}`,
  `    ${someOf(group.actions)}`,
  ...(group.errors.length === 0 ? [] : [`    failed: ${someOf(group.errors)}`]),
  ...(group.regions.length < 2 ? [] : [`    in ${group.regions.map((region) => clean(region)).join(', ')}`]),
  ...(clean(group.userAgent) === '' ? [] : [`    calls itself ${clean(group.userAgent, LONGEST_AGENT)}`]),
];

function someOf(all: readonly Counted[]): string {
  const named = all.slice(0, MOST_NAMED).map(({ name, count }) => `${clean(name, 80)} (${number(count)})`);
  const more = all.length - named.length;
  return `${named.join(', ')}${more === 0 ? '' : ` and ${number(more)} more`}`;
}

export const toJsonUsage = (reports: readonly KeyUsageReport[], { account, userName }: About) => ({
  schemaVersion: 1,
  accountId: account.id,
  userName: clean(userName),
  days: HISTORY_DAYS,
  keys: reports.map(({ key, regions, groups, incomplete, failures }) => ({
    accessKeyId: clean(key.id),
    regions,
    groups: groups.map((group) => ({
      ...group,
      program: clean(group.program),
      sourceAddress: clean(group.sourceAddress),
      userAgent: clean(group.userAgent),
      firstAt: isoOf(group.firstAt),
      lastAt: isoOf(group.lastAt),
      actions: group.actions.map(cleanName),
      errors: group.errors.map(cleanName),
    })),
    incomplete,
    failures,
  })),
  notShown: NOT_SHOWN,
});

const cleanName = ({ name, count }: Counted): Counted => ({ name: clean(name), count });
