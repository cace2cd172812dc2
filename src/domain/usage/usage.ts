import type { Instant } from '../time.ts';

/* Who uses a key, as far as CloudTrail's event history tells. */

/** So far back CloudTrail keeps its history. */
export const HISTORY_DAYS = 90;

/** One call that was signed with the key. */
export interface UsageEvent {
  readonly at: Instant;
  readonly region: string;
  /** `s3`, `sts`: the first label of the event source. */
  readonly service: string;
  readonly action: string;
  /** An IP address, or the name of the AWS service that called for it. */
  readonly sourceAddress: string;
  /** As the caller calls itself: foreign text. */
  readonly userAgent: string;
  /** Why it failed. */
  readonly errorCode?: string;
}

/** Calls that look like those of one workload: from one place, by one kind of program. */
export interface UsageGroup {
  readonly program: string;
  readonly sourceAddress: string;
  /** One of the user agents in full. */
  readonly userAgent: string;
  readonly count: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** `s3:ListBuckets`, the most frequent first. */
  readonly actions: readonly Counted[];
  readonly regions: readonly string[];
  /** By code; those that failed are among the others. */
  readonly errors: readonly Counted[];
}

export interface Counted {
  readonly name: string;
  readonly count: number;
}

const UNKNOWN = 'unknown program';

/** Tools that call AWS by an SDK: their name says more than that of the SDK, wherever it stands. */
const TOOLS =
  /\b(Terraform|Pulumi|Ansible|Jenkins|GitLab|GitHub|Kubernetes|Veeam|Datadog|rclone|s3fs|Packer|Crossplane)\b/i;

/**
 * What a program calls itself first. A name with dots is the host of a service of AWS: any other one would be a link in
 * the mail of whoever reads it, made by whoever has the key.
 */
const NAME = /^(?:(?:[\w-]+\.)+amazonaws\.com(?:\.cn)?(?![\w.-])|[\w+-]+)/;

/** Like `AWS_Lambda_python3.13`. */
const PLACE = /\bexec-env\/([\w-]+(?:\.\d+)*)/;

/**
 * The program that a user agent is about, without versions and machines: `Boto3`, `aws-cli in AWS_Lambda_python3.13`.
 * What isn't understood keeps its first word, so that it is told apart.
 */
export function programOf(userAgent: string): string {
  const text = userAgent.replace(/^\[(.*)\]$/, '$1').trim();
  const tool = TOOLS.exec(text)?.[1];
  const first = NAME.exec(text)?.[0] ?? UNKNOWN;
  const where = PLACE.exec(text)?.[1];
  return `${tool ?? first}${where === undefined ? '' : ` in ${where}`}`;
}

/** The groups, the one that called last first. */
export function groupUsage(events: readonly UsageEvent[]): readonly UsageGroup[] {
  const groups = new Map<string, UsageEvent[]>();
  for (const event of events) {
    const key = JSON.stringify([programOf(event.userAgent), event.sourceAddress]);
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups.values()]
    .flatMap((own) => {
      const [first] = own;
      return first === undefined ? [] : [groupOf(first, own)];
    })
    .sort((one, two) => two.lastAt - one.lastAt || two.count - one.count);
}

function groupOf(first: UsageEvent, events: readonly UsageEvent[]): UsageGroup {
  const times = events.map(({ at }) => at);
  return {
    program: programOf(first.userAgent),
    sourceAddress: first.sourceAddress,
    userAgent: first.userAgent,
    count: events.length,
    firstAt: times.reduce((one, two) => Math.min(one, two)),
    lastAt: times.reduce((one, two) => Math.max(one, two)),
    actions: counted(events.map(({ service, action }) => `${service}:${action}`)),
    regions: [...new Set(events.map(({ region }) => region))].sort(),
    errors: counted(events.flatMap(({ errorCode }) => errorCode ?? [])),
  };
}

function counted(names: readonly string[]): readonly Counted[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((one, two) => two.count - one.count || (one.name < two.name ? -1 : 1));
}

/** Where events of services without a region are kept, by the partition of a region. */
export function globalRegion(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

/**
 * The regions to look in, where none are named: that of the last use, that of global services, and our own.
 * @param lastUsed as IAM tells it; for a global service it tells its own
 */
export function regionsToLookIn(lastUsed: string | undefined, own: string): readonly string[] {
  return [...new Set([...(isRegion(lastUsed) ? [lastUsed] : []), globalRegion(own), own])];
}

/** IAM doesn't always tell one: `N/A`, `aws-global`. */
export const isRegion = (text: string | undefined): text is string =>
  text !== undefined && /^[a-z]{2}(-[a-z]+)+-\d+$/.test(text);
