import { parseArn } from '../arn.ts';
import { OWNER_ATTRIBUTE } from '../report/digest-attributes.ts';

/* Who gets which digests of a topic, as SNS keeps it. */

/** Which messages of its topic a subscription lets through. */
export type Filter =
  | { readonly kind: 'everything' }
  /** Everything but the messages for owners. */
  | { readonly kind: 'digests' }
  /** The messages for these owners, and nothing else. */
  | { readonly kind: 'owners'; readonly owners: readonly string[] }
  /** A filter policy on `accountId`, and on nothing else. */
  | { readonly kind: 'accounts'; readonly accountIds: readonly string[] }
  /** A filter policy that somebody else wrote, as it is. */
  | { readonly kind: 'custom'; readonly policy: string; readonly scope: string }
  /** SNS shows the filter policy only once it is confirmed, and only to the account that owns the subscription. */
  | { readonly kind: 'unknown' };

export type KnownFilter = Exclude<Filter, { readonly kind: 'unknown' }>;

export interface Subscription {
  /** `email`, `email-json`, `sqs`, ... */
  readonly protocol: string;
  readonly endpoint: string;
  /** Absent until it is confirmed. */
  readonly arn?: string;
  readonly filter: Filter;
}

/** A topic, and everybody who is subscribed to it. */
export interface Topic {
  readonly arn: string;
  /** The KMS key it is encrypted with. */
  readonly keyId?: string;
  readonly subscriptions: readonly Subscription[];
}

/** So many filter policies a topic can have; AWS raises it on request, for each topic of the account. */
export const FILTERS_OF_A_TOPIC = 200;

/**
 * So many we use. The rest is for filter policies that people write themselves, and for two
 * administrators who subscribe at the same time.
 */
export const FILTERS_WE_USE = 150;

/** So many combinations of values a filter policy can have; ours has one key, and owners count like accounts. */
export const ACCOUNTS_OF_A_FILTER = 150;

export const EVERYTHING = { kind: 'everything' } as const satisfies Filter;

export const DIGESTS = { kind: 'digests' } as const satisfies Filter;

/** The attribute of every digest that filter policies are about. */
const KEY = 'accountId';

/** @param policy as SNS has it: JSON, or nothing */
export function filterFrom(policy: string | undefined, scope = 'MessageAttributes'): Filter {
  if (policy === undefined || policy.trim() === '') return EVERYTHING;
  let parsed: unknown;
  try {
    parsed = JSON.parse(policy);
  } catch {
    return { kind: 'custom', policy, scope };
  }
  if (typeof parsed !== 'object' || parsed === null) return { kind: 'custom', policy, scope };
  const entries = Object.entries(parsed);
  if (entries.length === 0) return EVERYTHING;
  const [[key, values] = []] = entries;
  if (entries.length === 1 && scope === 'MessageAttributes') {
    if (key === KEY && areWords(values)) return { kind: 'accounts', accountIds: values };
    if (key === OWNER_ATTRIBUTE && areWords(values)) return { kind: 'owners', owners: values };
    if (JSON.stringify(parsed) === WITHOUT_OWNERS) return DIGESTS;
  }
  return { kind: 'custom', policy, scope };
}

/** As a filter policy: lets through what doesn't name an owner. */
const WITHOUT_OWNERS = JSON.stringify({ [OWNER_ATTRIBUTE]: [{ exists: false }] });

const areWords = (values: unknown): values is readonly string[] =>
  Array.isArray(values) && values.every((value) => typeof value === 'string');

/** The filter policy as SNS takes it; an empty one lets everything through. */
export function policyOf(filter: KnownFilter): string {
  switch (filter.kind) {
    case 'everything':
      return '{}';
    case 'digests':
      return WITHOUT_OWNERS;
    case 'accounts':
      return JSON.stringify({ [KEY]: filter.accountIds });
    case 'owners':
      return JSON.stringify({ [OWNER_ATTRIBUTE]: filter.owners });
    case 'custom':
      return filter.policy;
  }
}

/** Whether the digests of all accounts get through. */
export const hasAllDigests = ({ kind }: Filter): boolean => kind === 'everything' || kind === 'digests';

/** Whether all digests of an account surely get through. */
export const letsThrough = (filter: Filter, accountId: string): boolean =>
  hasAllDigests(filter) || (filter.kind === 'accounts' && filter.accountIds.includes(accountId));

/** Whether digests of an account, or messages for owners in it, may get through. */
export const mayLetThrough = (filter: Filter, accountId: string): boolean =>
  filter.kind === 'accounts' ? filter.accountIds.includes(accountId) : true;

export const isConfirmed = (
  subscription: Subscription,
): subscription is Subscription & { readonly arn: string } => subscription.arn !== undefined;

/** What counts for the quota; of one that can't be read the worst is taken. */
export const filtersOf = (subscriptions: readonly Subscription[]): number =>
  subscriptions.filter(({ filter }) => filter.kind !== 'everything').length;

/** Mailboxes don't differ in case, whatever SNS keeps of it. */
export const isSameReader = (
  one: Pick<Subscription, 'protocol' | 'endpoint'>,
  other: Pick<Subscription, 'protocol' | 'endpoint'>,
): boolean =>
  one.protocol === other.protocol &&
  (one.endpoint === other.endpoint ||
    (isMail(one) && one.endpoint.toLowerCase() === other.endpoint.toLowerCase()));

/** The ways by mail: those who read it confirm it, and nothing else must allow the topic to send. */
export const isMail = ({ protocol }: Pick<Subscription, 'protocol'>): boolean =>
  protocol === 'email' || protocol === 'email-json';

/** `arn:aws:sns:eu-central-1:111122223333:name` -> its parts. */
export function partsOfTopic(arn: string): {
  readonly region: string;
  readonly accountId: string;
  readonly name: string;
} {
  const { region = '', accountId = '', resource: name = '' } = parseArn(arn) ?? {};
  return { region, accountId, name };
}

/** The topic that an account of a shared topic moves to. */
export const ownTopicOf = (sharedArn: string, accountId: string): string => `${sharedArn}-${accountId}`;

/** The topic that an account has moved from; undefined where it has no topic named after one. */
export const movedFrom = (ownArn: string, accountId: string): string | undefined =>
  ownArn.endsWith(`-${accountId}`) ? ownArn.slice(0, -accountId.length - 1) : undefined;
