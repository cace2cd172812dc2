import { parseArn } from '../../domain/arn.ts';
import type { Check } from '../../domain/health/check.ts';
import {
  aboutTopic,
  subscriptionChecks,
  topicCheck,
  topicGone,
  type DigestTopic,
} from '../../domain/health/service-checks.ts';
import { partsOfTopic } from '../../domain/subscriptions/subscription.ts';
import { ask } from './ask.ts';
import type { Examination } from './examination.ts';
import { examineKey } from './examine-key.ts';
import { examineReaders, type AccountsOfTopic } from './examine-readers.ts';

export function examineTopic(
  { service, region, readers }: Examination,
  topic: DigestTopic,
  accounts: AccountsOfTopic,
): Promise<readonly Check[]> {
  const { arn } = topic;
  return ask(
    'topic',
    aboutTopic('status', topic),
    () => service.topic(arn),
    async ({ keyId }) => [
      topicCheck(topic),
      ...(await ask(
        'topic',
        aboutTopic('subscriptions', topic),
        () => service.subscriptions(arn),
        async (found) => [
          ...subscriptionChecks(topic, found),
          ...(found.some(({ confirmed }) => confirmed)
            ? await examineReaders(readers, topic, accounts.get(arn) ?? [])
            : []),
        ],
      )),
      ...(await examineKey(
        { service, region: partsOfTopic(arn).region },
        keyId === undefined || topic.foreign === undefined ? keyId : keyThere(keyId, arn),
        { kind: 'topic', ...topic },
      )),
    ],
    topicGone(topic, region),
  );
}

/** Ids and aliases name a key in the topic's own account and region. */
function keyThere(keyId: string, topicArn: string): string {
  const topic = parseArn(topicArn);
  if (topic === undefined || parseArn(keyId) !== undefined) return keyId;
  const { partition, region, accountId } = topic;
  const resource = keyId.startsWith('alias/') ? keyId : `key/${keyId}`;
  return `arn:${partition}:kms:${region}:${accountId}:${resource}`;
}
