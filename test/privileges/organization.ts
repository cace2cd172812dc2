/** A small organization in which, in one run, everything is done that the service ever does. */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { marshall } from '@aws-sdk/util-dynamodb';
import { iamInventory } from '../../src/aws/account/inventory.ts';
import { dynamoLedger } from '../../src/aws/table/ledger.ts';
import { secretsManagerStore } from '../../src/aws/secret/secret-store.ts';
import type { IamUser } from '../../src/run/ports/keys.ts';
import type { NoticeAbout } from '../../src/domain/rotation/notice.ts';
import { HOUR, MINUTE, SECOND, days } from '../../src/domain/time.ts';
import { adminOf, NO_LIST, orphansOf } from '../aws/support.ts';
import type { SeedUser } from '../support/emulator/emulator.ts';
import { REGION, START, type World } from '../support/world.ts';
import { prepared } from '../support/prepared.ts';

/** One user for each thing that can happen; what the run says about its keys, the old one first. */
export const SITUATIONS = {
  'new-secret': ['replaces a key and makes its secret', 'replace due applied'],
  'old-secret': ['replaces a key and writes the secret that is there', 'replace due applied'],
  announced: ['deactivates an unused key as announced, and as accepted', 'deactivate unused applied'],
  unannounced: ['gives notice of an unused key', 'wait unused-notice none'],
  inactive: ['deletes an inactive key after its grace', 'delete recovery-grace-over applied'],
  'switched-off': ['remembers a key that a person switched off', 'wait newly-inactive none'],
  begun: ['begins anew what a dead run had no key for yet', 'replace due applied'],
  lost: ['deletes the key that a dead run left, and begins anew', 'replace due applied'],
  undelivered: ['finishes the delivery that a dead run began', 'wait not-adopted none'],
  replaced: ['looks where a replacement was delivered to', 'wait still-needed none'],
  tagged: ['leaves alone whom a tag exempts', 'exempt exempt none'],
  grouped: ['leaves alone whom a group exempts', 'exempt exempt none'],
} as const;
export type Situation = keyof typeof SITUATIONS;
export const EVERY_SITUATION = Object.keys(SITUATIONS) as readonly Situation[];

export const keyId = (accountId: string, situation: Situation, which = 'A'): string =>
  `AKIA${accountId.slice(-3)}${which}${situation.replace('-', '').toUpperCase().slice(0, 9).padEnd(9, 'X')}`;

/** When the run before died over a replacement. */
const DIED = START - HOUR;

/** Keys are told from others by account, so the users may be the same in all. */
export const usersOf = (accountId: string, situations: readonly Situation[]): readonly SeedUser[] =>
  situations.map((situation) => {
    const old = (more: object) => ({
      id: keyId(accountId, situation),
      createdAt: START - days(200),
      ...more,
    });
    const inUse = old({ createdAt: START - days(70), lastUsedAt: START - days(1) });
    const made = { id: keyId(accountId, situation, 'B'), createdAt: DIED + SECOND };
    const keys = {
      'new-secret': [inUse],
      'old-secret': [inUse],
      announced: [old({ lastUsedAt: START - days(120) })],
      unannounced: [old({ lastUsedAt: START - days(120) })],
      inactive: [old({ status: 'Inactive', lastUsedAt: START - days(120) })],
      'switched-off': [old({ status: 'Inactive', lastUsedAt: START - days(120) })],
      begun: [inUse],
      lost: [inUse, made],
      // 75 days: its deactivation is announced as soon as the replacement is there.
      undelivered: [
        old({ createdAt: START - days(75), lastUsedAt: START - days(1) }),
        { ...made, lastUsedAt: DIED + MINUTE },
      ],
      replaced: [
        old({ createdAt: START - days(75), lastUsedAt: START - days(1) }),
        { ...made, createdAt: START - days(5), lastUsedAt: START - days(5) },
      ],
      tagged: [inUse],
      grouped: [inUse],
    }[situation];
    return { userName: situation, keys, ...FACTS[situation] };
  });

/** What the settings exempt by. */
const FACTS: Partial<Record<Situation, Pick<SeedUser, 'tags' | 'groups'>>> = {
  tagged: { tags: { rotate: 'no' } },
  grouped: { groups: ['break-glass'] },
};

/** Settings that make a run do whatever settings can make it do, where it works. */
export const SETTINGS = {
  digestFrequency: 'weekly',
  exemptions: ['tag:rotate=no', 'group:break-glass'].map((one) => ({
    users: [one],
    owner: 'Ann',
    reason: 'until the migration is over',
    until: '2026-06-30',
  })),
  // Stops the one deactivation there is, unless it is accepted.
  maxDeactivations: 0,
  secretReplicaRegions: ['eu-west-1'],
  removeOrphanedSecrets: true,
};
export const SECRETS_IN_THE_TOPIC = { secretDelivery: 'sns-plaintext' };
export const centralWith = (keyArn: string) => ({ secretDelivery: 'central', secretKmsKeyId: keyArn });

/** As if set with the command line. @param target as rows of settings have it: `account#<id>` */
export async function set(
  { emulator, organization }: World,
  target: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const client = new DynamoDBClient(await adminOf(emulator, organization.serviceAccountId));
  const row = { pk: 'settings', sk: target, values, final: [] };
  await client.send(new PutItemCommand({ TableName: organization.tableName, Item: marshall(row) }));
  client.destroy();
  await emulator.forgetCalls();
}

/** A topic for an account, called as `subscribe` calls it, with a reader. */
export async function topicOf(world: World, accountId: string): Promise<{ readonly topicArn: string }> {
  const { emulator, organization } = world;
  const client = new SNSClient(await adminOf(emulator, organization.serviceAccountId));
  const Name = `${organization.topicArn.split(':').at(-1) ?? ''}-${accountId}`;
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name }));
  client.destroy();
  await letRead(world, TopicArn);
  return { topicArn: TopicArn };
}

/**
 * Somebody who receives what is published: without, no notice counts. Not by e-mail, so that secrets may
 * go there.
 */
export async function letRead(
  { emulator, organization }: World,
  TopicArn = organization.topicArn,
): Promise<void> {
  const client = new SNSClient(await adminOf(emulator, organization.serviceAccountId));
  const Endpoint = `arn:aws:firehose:${REGION}:${organization.serviceAccountId}:deliverystream/digests`;
  await client.send(new SubscribeCommand({ TopicArn, Protocol: 'firehose', Endpoint }));
  client.destroy();
  await emulator.forgetCalls();
}

/**
 * Secrets whose users are gone, each with a copy in another region: one that is seen for the first time,
 * and one that was seen long ago. No call of it is counted.
 */
export async function leaveOrphans({ emulator }: World, accountId: string): Promise<void> {
  const client = new SecretsManagerClient(await adminOf(emulator, accountId));
  const secrets = secretsManagerStore(client, {
    accountId,
    place: { delivery: 'member', replicaRegions: ['eu-west-1'], readers: [], access: 'open' },
    sleep: () => Promise.resolve(),
    keysOf: () => Promise.resolve([]),
    listed: NO_LIST,
  });
  for (const userName of [GONE, LONG_GONE]) {
    const arn = `arn:aws:iam::${accountId}:user/${userName}`;
    await prepared(secrets, { userName, arn, userId: `AIDA${userName.replace('-', '').toUpperCase()}` });
  }
  const orphans = orphansOf(client, accountId);
  const longGone = (await orphans.list(() => false)).find(({ userName }) => userName === LONG_GONE);
  if (longGone === undefined) throw new Error(`there is no secret of ${LONG_GONE}`);
  await orphans.mark(longGone, START - days(31));
  client.destroy();
  await emulator.forgetCalls();
}
export const [GONE, LONG_GONE] = ['gone', 'long-gone'] as const;

/** What earlier runs left in the ledger and in Secrets Manager. No call of it is counted. */
export async function leavePast(
  { emulator, organization }: World,
  accountId: string,
  situations: readonly Situation[],
): Promise<void> {
  const ledger = dynamoLedger(await adminOf(emulator, organization.serviceAccountId), organization.tableName);
  const client = new SecretsManagerClient(await adminOf(emulator, accountId));
  const secrets = secretsManagerStore(client, {
    accountId,
    place: { delivery: 'member', replicaRegions: [], readers: [], access: 'open' },
    sleep: () => Promise.resolve(),
    keysOf: () => Promise.resolve([]),
    listed: NO_LIST,
  });
  const id = (situation: Situation, which?: string) => keyId(accountId, situation, which);
  const iam = new IAMClient(await adminOf(emulator, accountId));
  const users = await iamInventory(iam).users();
  iam.destroy();
  const user = (name: string): IamUser => {
    const found = users.find(({ userName }) => userName === name);
    if (found === undefined) throw new Error(`there is no user ${name}`);
    return found;
  };
  const storeKey = async (situation: Situation, which?: string) => {
    const state = await prepared(secrets, user(situation));
    const { secretAccessKey: secret } = await emulator.keyCredentials(id(situation, which));
    const key = { id: id(situation, which), status: 'active', createdAt: DIED, secret } as const;
    await secrets.store(user(situation), key, state);
    return { key, state };
  };
  const intentOf = (situation: Situation) => ({
    userName: situation,
    userArn: user(situation).arn,
    replaces: id(situation),
    knownKeyIds: [id(situation)],
    startedAt: DIED,
    leaseEndsAt: DIED + 10 * MINUTE,
    runId: 'the-run-before',
  });
  const openIntent = (situation: Situation) => ledger.openIntent(accountId, intentOf(situation));
  /** A grace ago, and again last week. */
  const announce = (situation: Situation, about: NoticeAbout) =>
    ledger.record(accountId, [
      {
        kind: 'published',
        userName: situation,
        accessKeyId: id(situation),
        notice: { about, firstAt: START - days(11), lastAt: START - days(7), date: START - days(1) },
      },
    ]);
  const past: Partial<Record<Situation, () => Promise<void>>> = {
    'old-secret': async () => {
      const { key, state } = await storeKey('old-secret');
      await secrets.promote(key, state);
    },
    announced: async () => {
      await announce('announced', 'unused');
      const said = { by: 'arn:aws:sts::123456789012:assumed-role/operators/ann', at: START - HOUR };
      await ledger.accept(
        accountId,
        {
          ...said,
          limit: 'deactivations',
          keyIds: [id('announced')],
          reason: 'as announced',
          until: START + days(1),
        },
        {
          ...said,
          runId: 'by-hand',
          what: 'limit-accepted',
          reason: 'deactivations',
          message: 'As announced.',
        },
      );
    },
    inactive: async () => {
      await ledger.record(accountId, [
        { kind: 'inactive', userName: 'inactive', accessKeyId: id('inactive'), at: START - days(11) },
      ]);
      await announce('inactive', 'delete');
    },
    begun: () => openIntent('begun'),
    lost: async () => {
      await prepared(secrets, user('lost'), intentOf('lost').runId);
      await openIntent('lost');
    },
    undelivered: async () => {
      await storeKey('undelivered', 'B');
      await openIntent('undelivered');
    },
    replaced: async () => {
      const { key, state } = await storeKey('replaced', 'B');
      await secrets.promote(key, state);
      await openIntent('replaced');
      await ledger.recordDelivery(accountId, intentOf('replaced'), key.id, {
        at: START - days(5),
        runId: 'the-run-before',
        userName: 'replaced',
        accessKeyId: id('replaced'),
        newAccessKeyId: key.id,
        by: 'the-run-before',
        what: 'replaced',
        reason: 'due',
        message: 'Replaced.',
      });
    },
  };
  for (const situation of situations) await past[situation]?.();
  client.destroy();
  await emulator.forgetCalls();
}
