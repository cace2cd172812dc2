import { describeFailure, OperationError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { CLOCK_SKEW, DAY, dateOf, type Duration, type Instant } from '../../domain/time.ts';
import type { AccountView } from '../context/account-context.ts';
import type { IamUser } from '../ports/keys.ts';
import type { OrphanedSecrets, OwnSecret } from '../ports/orphaned-secrets.ts';

/** From when it was first seen without a user. */
const REMOVED_AFTER: Duration = 30 * DAY;

/** USD for a secret and month, and as much for each copy: the price list of AWS Secrets Manager. */
const MONTHLY_COST = 0.4;

/**
 * Finds secrets whose users are gone. Where the account is held and its mode allows it, writes down since
 * when, and with `removeOrphanedSecrets` schedules for deletion what was found so 30 days before.
 * @param users all users of the account, as IAM lists them
 * @returns what to report; never throws
 */
export async function orphanedSecrets(
  users: readonly Pick<IamUser, 'userName' | 'userId'>[],
  secrets: OrphanedSecrets,
  context: Context,
): Promise<readonly Finding[]> {
  const isOrphan = orphansOf(users);
  let listed: readonly OwnSecret[];
  try {
    listed = await secrets.list(isOrphan);
  } catch (error) {
    return [problem('Secrets whose users are gone could not be looked for', error)];
  }
  const findings: Finding[] = [];
  for (const secret of listed) {
    try {
      if (isOrphan(secret)) findings.push(await handle(secret, secrets, context));
      else if (secret.orphanedSince !== undefined && mayWrite(context)) {
        await context.lease?.hold();
        await secrets.mark(secret, undefined);
      }
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      findings.push(problem(`${describe(secret)}, and that could not be dealt with`, error));
    }
  }
  return findings;
}

/** Whether there may be such a secret, or one that was once taken for it: that is something to deal with. */
export async function mayHaveOrphans(
  users: readonly Pick<IamUser, 'userName' | 'userId'>[],
  secrets: OrphanedSecrets,
): Promise<boolean> {
  // As everywhere: an account that seems to have no users at all says nothing of whose secrets there are.
  if (users.length === 0) return false;
  const isOrphan = orphansOf(users);
  try {
    const listed = await secrets.list(isOrphan);
    return listed.some((secret) => isOrphan(secret) || secret.orphanedSince !== undefined);
  } catch {
    return true;
  }
}

/** A renamed user keeps its id; one made anew has the name, and not the secret. */
function orphansOf(
  users: readonly Pick<IamUser, 'userName' | 'userId'>[],
): (secret: Pick<OwnSecret, 'userId' | 'userName'>) => boolean {
  const ids = new Set(users.map(({ userId }) => userId));
  const names = new Set(users.map(({ userName }) => userName));
  return ({ userId, userName }) => (userId === undefined ? !names.has(userName) : !ids.has(userId));
}

type Context = Pick<AccountView, 'run' | 'settings' | 'lease'>;

const mayWrite = ({ lease, settings }: Context): boolean =>
  lease !== undefined && settings.values.mode !== 'audit';

async function handle(secret: OwnSecret, secrets: OrphanedSecrets, context: Context): Promise<Finding> {
  const { run, lease, settings } = context;
  const { removeOrphanedSecrets, mode } = settings.values;
  const since = believed(secret.orphanedSince, run.now);
  if (since === undefined && mayWrite(context)) {
    await lease?.hold();
    await secrets.mark(secret, run.now);
  }
  const dueAt = (since ?? run.now) + REMOVED_AFTER;
  const message = describe(secret);
  // One of an earlier version goes by a name, and its user may only have been renamed.
  if (!removeOrphanedSecrets || secret.userId === undefined) {
    const nextStep = `If nobody needs it: aws secretsmanager delete-secret --secret-id ${secret.name}${removeOrphanedSecrets ? '' : '; or set removeOrphanedSecrets to true'}.`;
    return { severity: 'note', message: `${message}.`, nextStep };
  }
  if (run.now < dueAt || since === undefined) {
    return {
      severity: 'note',
      message: `${message}; it is scheduled for deletion from ${dateOf(dueAt)} on.`,
    };
  }
  if (!mayWrite(context) || mode !== 'enforce') {
    return {
      severity: 'note',
      message: `${message}; mode ${mode} keeps it from being scheduled for deletion.`,
    };
  }
  if (run.only !== undefined) {
    const why = 'this run was asked for changes of keys alone, so it is not scheduled for deletion';
    return { severity: 'note', message: `${message}; ${why}.` };
  }
  await lease?.hold();
  await secrets.scheduleDeletion(secret);
  return {
    severity: 'note',
    message: `${message}, and was scheduled for deletion.`,
    nextStep: `For 30 days it can be restored: aws secretsmanager restore-secret --secret-id ${secret.name}`,
  };
}

const believed = (since: Instant | undefined, now: Instant): Instant | undefined =>
  since === undefined || since > now + CLOCK_SKEW ? undefined : since;

function describe({ name, userName, replicaRegions }: OwnSecret): string {
  const cost = ((1 + replicaRegions.length) * MONTHLY_COST).toFixed(2);
  const copies = replicaRegions.length === 0 ? '' : ` with its copies in ${replicaRegions.join(', ')}`;
  return `The secret ${name}${copies} is of ${userName}, a user who is gone; it costs ${cost} USD a month`;
}

function problem(what: string, error: unknown): Finding {
  const { message, nextStep } = describeFailure(error, 'look for orphaned secrets');
  return { severity: 'failure', message: `${what}: ${message}`, nextStep };
}
