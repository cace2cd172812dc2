import pLimit from 'p-limit';
import type { Failure } from '../../domain/errors.ts';
import { failureOf } from '../../domain/errors.ts';
import type { AccountTopic, TopicsOfAccounts } from '../../domain/subscriptions/account-topics.ts';
import { movedFrom, ownTopicOf, type Topic } from '../../domain/subscriptions/subscription.ts';
import type { Instant } from '../../domain/time.ts';
import type { Topics, TopicSettings } from '../ports/topics.ts';

/** Topics and accounts read at the same time. */
const AT_ONCE = 5;

export interface ReadTopics {
  readonly topics: ReadonlyMap<string, Topic>;
  /** By ARN. */
  readonly failures: ReadonlyMap<string, Failure>;
  readonly changedAt: ReadonlyMap<string, Instant>;
}

/** The topics of an account besides the one that its digests go to. */
export interface Neighbours {
  /** The one it moves to, where that exists. */
  readonly next?: string;
  /** The one it has moved from. */
  readonly before?: string;
}

/** Where accounts come from and go to, by account id. */
export async function neighboursOf(
  accounts: readonly AccountTopic[],
  { topics: all, organizationTopicArn }: TopicsOfAccounts,
  topics: Topics,
): Promise<ReadonlyMap<string, Neighbours>> {
  const shared = new Set(accounts.filter(({ alone }) => !alone).map(({ topicArn }) => topicArn));
  const made = new Set<string>();
  for (const arn of shared) for (const name of await topics.namedAfter(arn)) made.add(name);
  const inUse = new Set([...[...all.values()].map(({ topicArn }) => topicArn), organizationTopicArn]);
  return new Map(
    accounts.map(({ account: { id }, topicArn, alone }): readonly [string, Neighbours] => {
      const next = ownTopicOf(topicArn, id);
      const before = movedFrom(topicArn, id);
      if (!alone) return [id, made.has(next) ? { next } : {}];
      return [id, before !== undefined && inUse.has(before) ? { before } : {}];
    }),
  );
}

export async function readTopics(
  arns: Iterable<string>,
  moved: readonly string[],
  { topics, topicSettings }: { readonly topics: Topics; readonly topicSettings?: TopicSettings },
): Promise<ReadTopics> {
  const limit = pLimit(AT_ONCE);
  const read: [string, Topic][] = [];
  const failures: [string, Failure][] = [];
  await limit.map([...new Set(arns)], async (arn) => {
    try {
      read.push([arn, await topics.read(arn)]);
    } catch (error) {
      failures.push([arn, failureOf(error, 'read the topic')]);
    }
  });
  const changes: [string, Instant][] = [];
  await limit.map([...moved], async (accountId) => {
    const at = await topicSettings?.changedAt(accountId);
    if (at !== undefined) changes.push([accountId, at]);
  });
  return { topics: new Map(read), failures: new Map(failures), changedAt: new Map(changes) };
}
