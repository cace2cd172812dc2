/** A small organization in which, in one run, everything is done that the service ever does. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { dynamoLedger } from '../../src/aws/ledger.ts';
import { secretsManagerStore } from '../../src/aws/secrets.ts';
import { HOUR, MINUTE, SECOND, days } from '../../src/domain/time.ts';
import { adminOf } from '../aws/support.ts';
import type { SeedUser } from '../support/emulator/emulator.ts';
import { START, type World } from '../support/world.ts';

/** One user for each thing that can happen; what the run says about its keys, the old one first. */
export const SITUATIONS = {
  'new-secret': ['replaces a key and makes its secret', 'replace due applied'],
  'old-secret': ['replaces a key and writes the secret that is there', 'replace due applied'],
  announced: ['deactivates an unused key after its notice', 'deactivate unused applied'],
  unannounced: ['gives notice of an unused key', 'wait unused-notice none'],
  inactive: ['deletes an inactive key after its grace', 'delete recovery-grace-over applied'],
  'switched-off': ['remembers a key that a person switched off', 'wait newly-inactive none'],
  lost: ['deletes the key that a dead run left, and begins anew', 'replace due applied'],
  undelivered: ['finishes the delivery that a dead run began', 'wait replaced-notice none'],
} as const;
export type Situation = keyof typeof SITUATIONS;
export const EVERY_SITUATION = Object.keys(SITUATIONS) as readonly Situation[];

const keyId = (accountId: string, situation: Situation, which = 'A') =>
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
      lost: [inUse, made],
      // 75 days: its deactivation is announced as soon as the replacement is there.
      undelivered: [
        old({ createdAt: START - days(75), lastUsedAt: START - days(1) }),
        { ...made, lastUsedAt: DIED + MINUTE },
      ],
    }[situation];
    return { userName: situation, keys };
  });

/** What earlier runs left in the ledger and in Secrets Manager. No call of it is counted. */
export async function leavePast(
  { emulator, organization }: World,
  accountId: string,
  situations: readonly Situation[],
): Promise<void> {
  const ledger = dynamoLedger(await adminOf(emulator, organization.serviceAccountId), organization.tableName);
  const client = new SecretsManagerClient(await adminOf(emulator, accountId));
  const secrets = secretsManagerStore(client, { accountId });
  const id = (situation: Situation, which?: string) => keyId(accountId, situation, which);
  const user = (userName: string) => ({ userName, arn: `arn:aws:iam::${accountId}:user/${userName}` });
  const storeKey = async (situation: Situation, which?: string) => {
    const state = await secrets.look(situation);
    const key = { id: id(situation, which), status: 'active', createdAt: DIED, secret: 'made-up' } as const;
    return { key, state: await secrets.store(user(situation), key, state) };
  };
  const openIntent = (situation: Situation) =>
    ledger.openIntent(accountId, {
      userName: situation,
      userArn: user(situation).arn,
      replaces: id(situation),
      knownKeyIds: [id(situation)],
      startedAt: DIED,
      leaseEndsAt: DIED + 10 * MINUTE,
      runId: 'the-run-before',
    });
  const past: Partial<Record<Situation, () => Promise<void>>> = {
    'old-secret': async () => {
      const { key, state } = await storeKey('old-secret');
      await secrets.promote(key, state);
    },
    announced: () => ledger.noticed(accountId, 'announced', id('announced'), START - days(11)),
    inactive: () => ledger.inactive(accountId, 'inactive', id('inactive'), START - days(11)),
    lost: () => openIntent('lost'),
    undelivered: async () => {
      await storeKey('undelivered', 'B');
      await openIntent('undelivered');
    },
  };
  for (const situation of situations) await past[situation]?.();
  client.destroy();
  await emulator.forgetCalls();
}
