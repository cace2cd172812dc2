import { isKind, OperationError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { HistoryEntry, KeyChange } from '../../domain/rotation/history.ts';
import { MINUTE, type Instant } from '../../domain/time.ts';
import type { AccountContext } from '../context/account-context.ts';
import { mayBeAPersons, unexplained, type RecoveredReplacement } from './findings.ts';
import { newNameOf, recoverUnderNewName } from './renamed-user.ts';
import { untrueIntent, whyUntrueIntent } from './untrue.ts';
import type { ListedKey } from '../ports/keys.ts';
import type { Intent } from '../ports/ledger.ts';
import type { SecretOwner } from '../ports/secrets.ts';

/**
 * Finishes or undoes a replacement that an earlier run left open, before anything is decided for that user.
 * @throws OperationError when neither can be done now; the intent then stays open
 */
export async function recoverReplacement(
  intent: Intent,
  context: AccountContext,
): Promise<RecoveredReplacement> {
  const { run, lease, account } = context;
  const untrue = whyUntrueIntent(intent, run.clock.now());
  if (untrue !== undefined) {
    await lease.hold();
    await run.ledger.closeIntent(account.id, intent);
    return { finding: untrueIntent(intent, untrue) };
  }
  const appeared = await keysThatAppeared(intent, context);
  const newName = appeared === undefined ? await newNameOf(intent, context) : undefined;
  if (newName !== undefined) return await recoverUnderNewName(intent, newName, context);
  if (appeared === undefined || appeared.length === 0) return await nothingAppeared(intent, context);
  const user = await userOf(intent, context);
  await assertSameSecret(intent, user, context);
  for (const key of appeared) {
    const entry = await finishDelivery(intent, user, key, context);
    if (entry !== undefined) {
      const message = `${intent.userName}: the delivery of ${key.id}, begun by run ${intent.runId}, was finished.`;
      return { finding: { severity: 'note', message }, entry };
    }
  }
  const result = await removeLostKey(intent, user, context);
  if (result === 'none') return await nothingAppeared(intent, context);
  await context.lease.hold();
  if (result === 'not-ours') {
    const finding = mayBeAPersons(appeared.map(({ id }) => id).join(' and '), intent);
    const entry = unexplained(appeared, finding, intent, context);
    await context.run.ledger.closeIntent(context.account.id, intent, entry);
    return { finding, entry };
  }
  await context.run.ledger.closeIntent(context.account.id, intent);
  return { finding: { severity: 'note', message: result.message }, entry: result };
}

async function nothingAppeared(
  intent: Intent,
  { run, lease, account }: AccountContext,
): Promise<RecoveredReplacement> {
  if (run.clock.now() < intent.leaseEndsAt) {
    throw cannotTell(intent, 'a key that was made a moment ago may not be listed yet');
  }
  await lease.hold();
  await run.ledger.closeIntent(account.id, intent);
  return {};
}

/**
 * Whose keys appeared, as IAM tells: a row that somebody could have written doesn't say who may read a
 * secret.
 */
async function userOf(intent: Intent, context: AccountContext): Promise<SecretOwner> {
  const found = await listedUser(intent, context);
  if (found !== undefined) return found;
  throw cannotTell(intent, `IAM lists keys of ${intent.userName} but no such user`);
}

const listedUser = async (intent: Intent, { session }: AccountContext): Promise<SecretOwner | undefined> =>
  (await session.inventory.users()).find(({ userName }) => userName === intent.userName);

/** An intent that names another ARN than IAM does is reported, though nothing rests on what it names. */
export async function otherArn(intent: Intent, context: AccountContext): Promise<readonly Finding[]> {
  const user = await listedUser(intent, context);
  if (user === undefined || user.arn === intent.userArn) return [];
  return [untrueIntent(intent, `it names ${intent.userArn}, and IAM says ${user.arn}`)];
}

/**
 * Where the settings send secrets elsewhere by now, it can't be known whether this key's was stored, and
 * deleting the key could break consumers who use it.
 * @throws OperationError `conflict`
 */
async function assertSameSecret(
  { secretName }: Intent,
  user: SecretOwner,
  { session }: AccountContext,
): Promise<void> {
  if (secretName === undefined) return;
  const { name } = await session.secrets.look(user);
  if (name === secretName) return;
  throw new OperationError({
    kind: 'conflict',
    during: 'recover the replacement that was begun',
    message: `it was to be delivered to ${secretName}, and by now the settings say ${name}`,
    nextStep: 'Set secretDelivery back to what it was for one run, which finishes it; then change it again.',
  });
}

/**
 * A secret that consumers read already stays. One that was only stored is shown to them if the key was
 * used: only our own test call can have used it, and that proves that it works.
 * @returns undefined where the delivery can't be finished
 */
async function finishDelivery(
  intent: Intent,
  user: SecretOwner,
  key: ListedKey,
  context: AccountContext,
): Promise<HistoryEntry | undefined> {
  const { session, lease, account, caller } = context;
  const { ledger, clock, runId } = context.run;
  const stage = await session.secrets.stageOf(user, key.id);
  if (stage === 'none' || key.status !== 'active') return undefined;
  if (stage === 'pending' && (await session.inventory.lastUse(key.id)).kind !== 'used') return undefined;
  await lease.hold();
  // An earlier version made the secret ready only after it had stored the key.
  const state = await session.secrets.prepare(user, await session.secrets.look(user));
  if (stage === 'pending') await session.secrets.promote(key, state);
  const entry: HistoryEntry = {
    at: clock.now(),
    runId,
    by: caller,
    what: 'replaced',
    userName: intent.userName,
    accessKeyId: intent.replaces,
    newAccessKeyId: key.id,
    secretName: state.arn ?? state.name,
    reason: 'recovered',
    message: `The delivery begun by run ${intent.runId} was finished.`,
  };
  await ledger.recordDelivery(account.id, intent, key.id, entry);
  return entry;
}

/** What became of a key whose secret nobody has: none was found, it isn't ours, or it was deleted. */
type Removal = 'none' | 'not-ours' | KeyChange;

/**
 * Deletes the key that a CreateAccessKey call without a clear answer may have left: not known to the intent,
 * created between its start and the end of its lease, active, never used, its secret not within
 * reach of consumers, and the only such key; and the secret itself says that this run was about to make one,
 * which no row can. Anything else may be a person's and is left alone.
 * @returns the entry in the history, if it was deleted
 */
export async function removeLostKey(
  intent: Intent,
  user: SecretOwner,
  context: AccountContext,
): Promise<Removal> {
  const { session, lease, account, caller } = context;
  const { ledger, clock, runId } = context.run;
  const { userName, runId: startedBy } = intent;
  const [key, ...more] = (await keysThatAppeared(intent, context)) ?? [];
  if (key === undefined) return 'none';
  if (more.length > 0 || key.status !== 'active' || !createdWithin(intent, key.createdAt)) return 'not-ours';
  const { kind } = await session.inventory.lastUse(key.id);
  if (kind === 'unknown') throw cannotTell(intent, `the last use of ${key.id} is not known`);
  if (kind !== 'never') return 'not-ours';
  if ((await session.secrets.stageOf(user, key.id)) === 'delivered') return 'not-ours';
  if (!(await wasPrepared(intent, user, context))) return 'not-ours';
  await lease.hold();
  const change: KeyChange = {
    at: clock.now(),
    runId,
    by: caller,
    what: 'lost-key-deleted',
    userName,
    accessKeyId: key.id,
    reason: `begun by ${startedBy}`,
    message: `${userName}: a key that run ${startedBy} had created, and whose secret nobody has, was deleted.`,
  };
  await ledger.markChangePending(account.id, change);
  await session.writer.delete(userName, key.id);
  await ledger.recordChange(account.id, change, clock.now());
  return change;
}

/** Whether the user's secret says that the run was about to make a key; also false where it can't be a place. */
async function wasPrepared(
  { runId }: Intent,
  user: SecretOwner,
  { session }: AccountContext,
): Promise<boolean> {
  try {
    return (await session.secrets.look(user)).preparedBy === runId;
  } catch (error) {
    if (isKind(error, 'conflict')) return false;
    throw error;
  }
}

/** Undefined where IAM has no user of that name. */
async function keysThatAppeared(
  intent: Intent,
  { session }: Pick<AccountContext, 'session'>,
): Promise<readonly ListedKey[] | undefined> {
  try {
    const listed = await session.inventory.keysOf(intent.userName);
    return listed.filter(({ id }) => !intent.knownKeyIds.includes(id));
  } catch (error) {
    if (isKind(error, 'not-found')) return undefined;
    throw error;
  }
}

const cannotTell = (intent: Intent, why: string): OperationError =>
  new OperationError({
    kind: 'transient',
    during: 'recover the replacement that was begun',
    message: `run ${intent.runId} ended while it was creating a key, and ${why}`,
    nextStep: `Nothing to do: the next run after ${new Date(intent.leaseEndsAt).toISOString()} looks again.`,
  });

/** Our clock may be ahead of IAM's. Older keys of the user are known to the intent anyway. */
const CLOCK_SKEW = 2 * MINUTE;

const createdWithin = ({ startedAt, leaseEndsAt }: Intent, createdAt: Instant): boolean =>
  createdAt >= startedAt - CLOCK_SKEW && createdAt <= leaseEndsAt;
