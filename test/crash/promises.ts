import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readOwnKey } from '../support/own-key.ts';
import { adminOf, once } from '../aws/support.ts';
import type { Call, Emulator } from '../support/emulator/emulator.ts';
import { whoAmI } from '../support/workloads.ts';
import { REGION, type World } from '../support/world.ts';
import { historyIn, roleOf, type Found, type FoundUser } from './found.ts';
import { arnOf, placeOf } from './scenario.ts';
import { idOf, type PastUser } from './users.ts';
import { textPublished } from '../support/found.ts';

/* What must hold whatever happens. Each function tells what doesn't. */

/** What must hold at any moment, before recovery too. */
export const brokenNow = ({ users }: Found): readonly string[] =>
  users.flatMap((user) => {
    const { keys, reads } = user;
    const read = keys.find(({ id }) => id === reads?.AccessKeyId);
    const isShown = reads !== undefined;
    return named(user, [
      keys.length > 2 && 'has more than two keys',
      !works(user) && user.past.isRetired !== true && 'has no working key',
      isShown && read?.status !== 'Active' && 'reads a key that does not work',
      isShown && read !== undefined && read.lastUsedAt === undefined && 'reads a key that nobody has tested',
    ]);
  });

const works = (user: FoundUser): boolean =>
  user.keys.some(({ id, status }) => status === 'Active' && isInHands(user, id));

/** Whether the owner has the secret of a key: it was theirs before, or they find it in their secret. */
const isInHands = ({ past, reads }: FoundUser, id: string): boolean =>
  id === reads?.AccessKeyId || idsInHands(past).includes(id);

/** The second key of an interrupted user is what the run before left. */
const idsInHands = ({ userName, keys, isInterrupted }: PastUser): readonly string[] =>
  keys.filter(({ role }) => role === 'old' || isInterrupted !== true).map(({ role }) => idOf(userName, role));

/** What must hold after recovery. */
export async function brokenInTheEnd(found: Found, world: World): Promise<readonly string[]> {
  const { emulator } = world;
  const calls = await emulator.calls();
  return [
    ...brokenNow(found),
    ...found.users.flatMap((user) =>
      named(
        user,
        user.keys
          .filter(({ id, status }) => status === 'Active' && !isInHands(user, id))
          .map(({ id }) => `nobody has the secret of its ${roleOf(user.past, id)} key`),
      ),
    ),
    ...(await Promise.all(found.users.map((user) => undelivered(user, emulator)))).flat(),
    ...doneTwice(calls),
    ...doubles(historyIn(found))
      // Two runs passed it.
      .filter((line) => !line.endsWith('limit-passed'))
      .map((line) => `twice in the history: ${line}`),
  ];
}

/** The key in a user's secret has to be one that IAM created for this user. */
async function undelivered(user: FoundUser, emulator: Emulator): Promise<readonly string[]> {
  const { account, past, reads, keys } = user;
  if (reads === undefined || !keys.some(({ id }) => id === reads.AccessKeyId)) return [];
  const stored = { accessKeyId: reads.AccessKeyId, secretAccessKey: reads.SecretAccessKey };
  const isNew = roleOf(past, stored.accessKeyId) === 'new';
  const { endpoint } = emulator;
  const old = keys.find(({ id }) => id === idOf(past.userName, 'old') && id !== stored.accessKeyId);
  const [real, handedOut, read, caller] = await Promise.all([
    emulator.keyCredentials(stored.accessKeyId),
    emulator.secretsHandedOut(),
    old?.status === 'Active'
      ? readOwnKey(
          { region: REGION, endpoint },
          past.userName,
          await emulator.keyCredentials(old.id),
          await arnOfSecret(user, emulator),
        )
      : stored,
    whoAmI(endpoint, stored),
  ]);
  return named(user, [
    real.secretAccessKey !== stored.secretAccessKey && 'has a secret that is not of its key',
    isNew && !handedOut.includes(stored.secretAccessKey) && 'has a secret that IAM never handed out',
    read?.secretAccessKey !== stored.secretAccessKey && 'can not read its secret with its old key',
    caller !== arnOf(account, past.userName) && 'is not known by the key in its secret',
  ]);
}

async function arnOfSecret({ account, secret }: FoundUser, emulator: Emulator): Promise<string> {
  const client = new SecretsManagerClient(once(await adminOf(emulator, placeOf(account))));
  return (await client.send(new DescribeSecretCommand({ SecretId: secret?.name }))).ARN ?? '';
}

const CHANGES = ['iam:UpdateAccessKey', 'iam:DeleteAccessKey'];

/** Calls that took effect, whether their answer arrived or not. */
const effective = (calls: readonly Call[]): readonly Call[] =>
  calls.filter(({ status, killed }) => status === 200 || killed === 'after');

function doneTwice(calls: readonly Call[]): readonly string[] {
  const changes = effective(calls).filter(({ action }) => CHANGES.includes(action));
  const described = changes.map(
    ({ action, params }) =>
      `${params['UserName'] ?? ''}: ${action} ${params['AccessKeyId'] ?? ''} ${params['Status'] ?? ''}`,
  );
  return doubles(described).map((line) => `done twice: ${line}`);
}

/** Whatever was done to a key people had, and each new key, should be in a digest. */
export async function unreported({ users }: Found, { emulator }: World): Promise<readonly string[]> {
  const calls = await emulator.calls();
  const publishedText = await textPublished(emulator);
  const changed = effective(calls)
    .filter(({ action }) => CHANGES.includes(action))
    .map(({ params }) => params['AccessKeyId'] ?? '');
  return users.flatMap((user) => {
    const { past, keys } = user;
    const ids = [
      ...idsInHands(past).filter((id) => changed.includes(id)),
      ...keys.map(({ id }) => id).filter((id) => roleOf(past, id) === 'new'),
    ];
    return named(
      user,
      ids.filter((id) => !publishedText.includes(id)).map((id) => `${roleOf(past, id)} key`),
    );
  });
}

const doubles = (lines: readonly string[]): readonly string[] =>
  lines.filter((line, index) => lines.indexOf(line) !== index);

const named = ({ past }: FoundUser, problems: readonly (string | false)[]): readonly string[] =>
  problems.filter((problem) => problem !== false).map((problem) => `${past.userName} ${problem}`);
