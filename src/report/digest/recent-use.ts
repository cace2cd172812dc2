import type { RecentUse, Workload } from '../../domain/usage/recent-use.ts';
import { HISTORY_DAYS } from '../../domain/usage/usage.ts';
import { clean } from '../common/sanitize.ts';
import { counted, dayOf, isoOf, number } from '../common/wording.ts';
import type { JsonRecentUse } from '../message/block.ts';

/* Who used a key lately. What programs call themselves is foreign text, and so are the names of what they called. */

const LONGEST_NAME = 60;
const MOST_SERVICES = 4;

/** Two paragraphs: who it was, and what that can't show. None where it was not looked up. */
export function describeRecentUse(use: RecentUse | undefined): readonly string[] {
  if (use === undefined) return [];
  const region = clean(use.region);
  if (use.calls === 0) {
    return [
      `CloudTrail shows no call with it in ${region} in the last ${HISTORY_DAYS} days. That proves nothing: ${NOT_SHOWN}.`,
    ];
  }
  const users = [
    ...use.workloads.map(describeWorkload),
    ...(use.more === 0 ? [] : [`${number(use.more)} more`]),
  ].join('; ');
  const when = use.isComplete
    ? `In the last ${HISTORY_DAYS} days it was used by`
    : `Its latest ${counted(use.calls, 'call')} were by`;
  return [`${when}: ${users}.`, `That is what CloudTrail shows for ${region}; ${NOT_SHOWN}.`];
}

const NOT_SHOWN =
  'reading and writing data (objects of S3, items of DynamoDB) and mail by SMTP are not in it';

function describeWorkload({ program, sourceAddress, services, calls, lastAt }: Workload): string {
  const named = services.slice(0, MOST_SERVICES).map((name) => clean(name, LONGEST_NAME));
  const more = services.length - named.length;
  const called = `${named.join(', ')}${more === 0 ? '' : ` and ${number(more)} more`}`;
  return `${clean(program, LONGEST_NAME)} from ${clean(sourceAddress, LONGEST_NAME)} (${called}, ${counted(calls, 'call')}, last ${dayOf(lastAt)})`;
}

/** The same for machines. */
export function jsonRecentUse(use: RecentUse | undefined): JsonRecentUse | undefined {
  if (use === undefined) return undefined;
  const { region, calls, isComplete, workloads, more } = use;
  return {
    days: HISTORY_DAYS,
    region: clean(region),
    calls,
    isComplete,
    workloads: workloads.map(({ program, sourceAddress, services, calls: count, lastAt }) => ({
      program: clean(program),
      sourceAddress: clean(sourceAddress),
      services: services.map((name) => clean(name)),
      calls: count,
      lastAt: isoOf(lastAt) ?? '',
    })),
    more,
  };
}
