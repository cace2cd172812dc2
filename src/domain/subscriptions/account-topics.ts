import type { Account } from '../account.ts';
import { definedOnly } from '../defined-only.ts';
import type { Failure } from '../errors.ts';
import { settingsOfAccount, settingsOfOrganization } from '../settings/account-settings.ts';
import type { SettingsSnapshot, SettingValues } from '../settings/setting.ts';
import { partsOfTopic } from './subscription.ts';

/** The topic that an account's digests go to by the settings. */
export interface AccountTopic {
  readonly account: Account;
  readonly topicArn: string;
  /** Whether only messages about this account are published there. */
  readonly alone: boolean;
  /** Why the account can't be given a topic of its own, where it can't. */
  readonly cannotMoveReason?: string;
  /** Where each owner gets a message of his own, beside the digests. */
  readonly perOwner?: true;
  /** Where secrets are published to the topic too, and whether they may go out by mail. */
  readonly plaintext?: SettingValues['snsPlaintextToEmail'];
}

export interface TopicsOfAccounts {
  /** Where the organization's summary goes. */
  readonly organizationTopicArn?: string;
  /** By account id. */
  readonly topics: ReadonlyMap<string, AccountTopic>;
  readonly failures: ReadonlyMap<string, Failure>;
}

/** SNS allows names of 256 characters. */
const LONGEST_NAME = 256;

/**
 * Which topic each account's digests go to. A topic counts as shared unless it surely isn't: an
 * account whose settings can't be used may have any.
 * @param accounts all of the organization
 * @param serviceAccountId the account that topics can be made in
 */
export function topicsOfAccounts(
  snapshot: SettingsSnapshot,
  accounts: readonly Account[],
  serviceAccountId: string,
): TopicsOfAccounts {
  const organizationTopicArn = settingsOfOrganization(snapshot)?.values.topicArn;
  const failures = new Map<string, Failure>();
  const readable = accounts.flatMap((account) => {
    const resolved = settingsOfAccount(snapshot, account);
    if (resolved.kind === 'failed') {
      failures.set(account.id, resolved.failure);
      return [];
    }
    const { values, layers } = resolved.value;
    if (values.topicArn === undefined) {
      failures.set(account.id, NO_TOPIC);
      return [];
    }
    const lock = layers.find(({ level, final }) => level !== 'account' && final.includes('topicArn'));
    return [{ account, values, topicArn: values.topicArn, ...definedOnly({ lock }) }];
  });
  const readersOf = (arn: string) => readable.filter(({ topicArn }) => topicArn === arn).length;
  const sure = readable.length === accounts.length && organizationTopicArn !== undefined;
  const found = readable.map(({ account, values, topicArn, lock }): readonly [string, AccountTopic] => {
    const { accountId: ownerId, name } = partsOfTopic(topicArn);
    const cannotMoveReason =
      lock !== undefined
        ? `topicArn is final for ${lock.from}`
        : ownerId !== serviceAccountId
          ? `its topic is in account ${ownerId}, and topics are made in account ${serviceAccountId}`
          : `${name}-${account.id}`.length > LONGEST_NAME
            ? `the name of its topic is too long to be followed by the account id (${LONGEST_NAME} characters at most)`
            : undefined;
    return [
      account.id,
      {
        account,
        topicArn,
        alone: sure && topicArn !== organizationTopicArn && readersOf(topicArn) === 1,
        ...definedOnly({ cannotMoveReason }),
        ...(values.perOwner ? { perOwner: true as const } : {}),
        ...(values.secretDelivery === 'sns-plaintext' ? { plaintext: values.snsPlaintextToEmail } : {}),
      },
    ];
  });
  return {
    ...definedOnly({ organizationTopicArn }),
    topics: new Map(found),
    failures,
  };
}

const NO_TOPIC: Failure = {
  kind: 'not-found',
  during: 'read the settings',
  message: 'no topic is set',
  nextStep: 'Set ROTATION_TOPIC_ARN, or topicArn with access-key-rotation settings set.',
};
