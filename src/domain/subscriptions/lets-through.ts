import { OWNER_ATTRIBUTE } from '../report/digest-attributes.ts';
import type { Notification } from '../report/notification.ts';
import { isConfirmed, type Filter, type Subscription } from './subscription.ts';

/*
 * Who receives a message, by SNS's own rules for filter policies on message attributes
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html). What isn't surely
 * understood here is `unknown`, and never taken for a reader.
 */

/** What filter policies look at. */
export type Filterable = Pick<Notification, 'attributes' | 'lists'>;

export type Answer = 'yes' | 'no' | 'unknown';

/** Whether anybody receives the message; those who haven't confirmed their subscription don't. */
export function readersAmong(
  subscriptions: readonly Subscription[],
  message: Filterable,
): 'somebody' | 'nobody' | 'unknown' {
  const answers = subscriptions.filter(isConfirmed).map(({ filter }) => letsMessageThrough(filter, message));
  const answer = any(answers);
  if (answer === 'unknown') return 'unknown';
  return answer === 'yes' ? 'somebody' : 'nobody';
}

/** Whether a subscription with this filter gets the message. */
export function letsMessageThrough(filter: Filter, message: Filterable): Answer {
  switch (filter.kind) {
    case 'everything':
      return 'yes';
    case 'digests':
      return yesIf(valuesOf(message, OWNER_ATTRIBUTE).length === 0);
    case 'owners':
      return matchesKey(filter.owners, valuesOf(message, OWNER_ATTRIBUTE));
    case 'unknown':
      return 'unknown';
    case 'accounts':
      return all([matchesKey(filter.accountIds, valuesOf(message, 'accountId'))]);
    case 'custom':
      return filter.scope === 'MessageAttributes' ? matchesPolicy(parsed(filter.policy), message) : 'unknown'; // by what is in the body, which is written for people
  }
}

/** One no is enough for a no. */
const all = (answers: readonly Answer[]): Answer =>
  answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes';

/** One yes is enough for a yes. */
const any = (answers: readonly Answer[]): Answer =>
  answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';

/** All keys of a policy have to match. */
function matchesPolicy(policy: unknown, message: Filterable): Answer {
  if (!isObject(policy)) return 'unknown';
  const answers = Object.entries(policy).map(([key, matchers]) => {
    if (key === '$or') return matchesAnyOf(matchers, message);
    return Array.isArray(matchers) ? matchesKey(matchers, valuesOf(message, key)) : 'unknown';
  });
  return all(answers);
}

/** `$or` is an operator only with two policies at least; what SNS makes of anything else isn't guessed. */
const matchesAnyOf = (policies: unknown, message: Filterable): Answer =>
  Array.isArray(policies) && policies.length >= 2 && policies.every(isPolicy)
    ? any(policies.map((policy) => matchesPolicy(policy, message)))
    : 'unknown';

/** An object whose keys name attributes; with an operator for a key it would be something else. */
const isPolicy = (value: unknown): boolean =>
  isObject(value) && !Object.keys(value).some((key) => RESERVED.has(key));

const RESERVED: ReadonlySet<string> = new Set([
  'anything-but',
  'cidr',
  'equals-ignore-case',
  'exists',
  'numeric',
  'prefix',
  'suffix',
  'wildcard',
]);

/** One of the matchers of a key has to match one of the attribute's values. */
const matchesKey = (matchers: readonly unknown[], values: readonly string[]): Answer =>
  any(matchers.map((matcher) => matches(matcher, values)));

function matches(matcher: unknown, values: readonly string[]): Answer {
  if (typeof matcher === 'string') return yesIf(values.includes(matcher));
  if (!isObject(matcher)) return 'unknown';
  const [[operator, operand] = [], ...more] = Object.entries(matcher);
  if (more.length > 0) return 'unknown';
  if (operator === 'exists' && typeof operand === 'boolean') return yesIf(operand === values.length > 0);
  if (operator === 'anything-but') return matchesAnythingBut(operand, values);
  if (typeof operand !== 'string') return 'unknown';
  const test = comparison(operator, operand);
  return test === undefined ? 'unknown' : yesIf(values.some(test));
}

type Test = (value: string) => boolean;

function comparison(operator: string | undefined, operand: string): Test | undefined {
  switch (operator) {
    case 'prefix':
      return (value) => value.startsWith(operand);
    case 'suffix':
      return (value) => value.endsWith(operand);
    case 'equals-ignore-case':
      return (value) => value.toLowerCase() === operand.toLowerCase();
    default:
      return undefined;
  }
}

/** SNS's documentation says two things of a list of which only some values are excluded. */
function matchesAnythingBut(operand: unknown, values: readonly string[]): Answer {
  const isExcluded = exclusion(operand);
  if (isExcluded === undefined) return 'unknown';
  const excluded = values.filter(isExcluded).length;
  if (excluded === values.length) return 'no'; // also where the message lacks the attribute
  return excluded === 0 ? 'yes' : 'unknown';
}

function exclusion(operand: unknown): Test | undefined {
  if (typeof operand === 'string') return (value) => value === operand;
  if (Array.isArray(operand)) {
    return operand.every((one) => typeof one === 'string') ? (value) => operand.includes(value) : undefined;
  }
  if (!isObject(operand)) return undefined;
  const { prefix, ...more } = operand;
  if (typeof prefix !== 'string' || Object.keys(more).length > 0) return undefined;
  return comparison('prefix', prefix);
}

/** None for an attribute that the message doesn't have. */
function valuesOf({ attributes, lists = {} }: Filterable, name: string): readonly string[] {
  if (Object.hasOwn(attributes, name)) return [attributes[name] ?? ''];
  return Object.hasOwn(lists, name) ? (lists[name] ?? []) : [];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const yesIf = (condition: boolean): Answer => (condition ? 'yes' : 'no');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
