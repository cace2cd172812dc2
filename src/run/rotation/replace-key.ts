import { definedOnly } from '../../domain/defined-only.ts';
import type { Failure } from '../../domain/errors.ts';
import { describeFailure, failureOf, isKind } from '../../domain/errors.ts';
import { jitter } from '../../domain/jitter.ts';
import type { Outcome, Replacement } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import { sesRegionOf } from '../../domain/secrets/ses-region.ts';
import { SECOND, type Duration } from '../../domain/time.ts';
import type { AppliedDecision } from './applied-decision.ts';
import type { AccountContext } from '../context/account-context.ts';
import { assertUnchanged } from '../context/assert-unchanged.ts';
import { entryFor } from '../context/history-entry.ts';
import { asOf } from '../context/run-context.ts';
import type { CreatedKey } from '../ports/keys.ts';
import type { Intent } from '../ports/ledger.ts';
import type { SecretOwner, SecretState } from '../ports/secrets.ts';
import { testNewKey } from './test-new-key.ts';
import { removeLostKey } from '../recovery/recover-replacement.ts';

/** CreateAccessKey isn't retried by the SDK. It is here when throttled: then it certainly had no effect. */
const CREATE_AGAIN_AFTER = [1, 2, 4, 8, 8, 8, 8, 8].map((seconds) => seconds * SECOND);

/** After the end of the lease that its intent names, a new key of ours looks like one that a person made. */
const LAST_CREATE_BEFORE_END = 30 * SECOND;

/**
 * Replaces a key so that the next run can recover from a crash at any point: intent, place, key, secret,
 * proof that the key works, delivery. What can't take a key costs no key. Consumers of an existing secret
 * see the new key only once it works.
 */
export async function replaceKey(decision: Decision, context: AccountContext): Promise<AppliedDecision> {
  const { session, lease, account, run } = context;
  const user = { userName: decision.userName, arn: decision.userArn, userId: decision.userId };

  const looked = await session.secrets.look(user, asOf(run));
  // Right before the intent: a key that a person makes meanwhile must not look like one of ours.
  const listed = await assertUnchanged(decision, session.inventory);
  const leaseEndsAt = await lease.hold();
  const intent: Intent = {
    userName: user.userName,
    userArn: user.arn,
    replaces: decision.key.id,
    knownKeyIds: listed.map(({ id }) => id),
    secretName: looked.name,
    startedAt: run.clock.now(),
    leaseEndsAt,
    runId: run.runId,
  };
  await run.ledger.openIntent(account.id, intent);

  const state = await prepare(user, looked, intent, context);
  const created = await createOnce(user, intent, context);
  const sesRegion = sesRegionOf(decision.key.lastUse);
  try {
    await session.secrets.store(user, created, state, sesRegion);
    await testNewKey(decision, created, context);
  } catch (error) {
    const failure = failureOf(error, 'deliver the new key');
    return {
      outcome: await rollBack(decision, created, failure, intent, context),
      findings: foreignStatementsIn(user.userName, state),
    };
  }
  const replacement: Replacement = {
    accessKeyId: created.id,
    secretName: state.name,
    ...definedOnly({ secretArn: state.arn, sesRegion }),
  };
  const outcome = await deliver(decision, replacement, state, intent, context);
  return {
    outcome,
    findings: [
      ...foreignStatementsIn(user.userName, state),
      ...(outcome.status === 'applied' ? await sendInPlaintext(user.userName, created, context) : []),
    ],
  };
}

/**
 * Makes the secret ready. When it can't be, no key was made, and there is nothing to repair.
 * @throws OperationError naming what is wrong with it and what to do
 */
async function prepare(
  user: SecretOwner,
  looked: SecretState,
  intent: Intent,
  { session, run, account, lease }: AccountContext,
): Promise<SecretState> {
  try {
    const state = await session.secrets.prepare(user, looked, run.runId);
    await lease.hold(); // copies in other regions take a while
    return state;
  } catch (error) {
    // Stays open if this fails, and the next run finds nothing to repair.
    await run.ledger.closeIntent(account.id, intent).catch(() => undefined);
    throw error;
  }
}

/** Named once, so that whoever answers for the secret knows who else has a say in it. */
const foreignStatementsIn = (
  userName: string,
  { name, foreignStatements = [] }: SecretState,
): readonly Finding[] =>
  foreignStatements.length === 0
    ? []
    : [
        {
          severity: 'note',
          message: `${userName}: the policy of the secret ${name} has statements that are not ours, and they stay: ${foreignStatements.join(', ')}.`,
          nextStep: `See whether they are meant: aws secretsmanager get-resource-policy --secret-id ${name}`,
        },
      ];

async function createOnce(user: SecretOwner, intent: Intent, context: AccountContext): Promise<CreatedKey> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await context.session.writer.create(intent.userName);
    } catch (error) {
      const wait = CREATE_AGAIN_AFTER[attempt];
      if (isKind(error, 'throttled') && wait !== undefined && timeFor(wait, intent, context)) {
        await context.run.clock.sleep(jitter(wait, `${intent.userName}/${attempt}`));
        await context.lease.hold();
        continue;
      }
      // After an unclear answer there may be a key; the intent stays open until a list of the keys shows it.
      const certain = isKind(error, 'denied', 'limit', 'not-found', 'throttled');
      const removed = certain ? 'none' : await removeLostKey(intent, user, context);
      if (certain || typeof removed === 'object') {
        await context.run.ledger.closeIntent(context.account.id, intent);
      }
      throw error;
    }
  }
}

const timeFor = (wait: Duration, { leaseEndsAt }: Intent, { run }: AccountContext): boolean =>
  run.clock.now() + wait <= leaseEndsAt - LAST_CREATE_BEFORE_END;

/** Deletes the new key again: nobody can have its secret. */
async function rollBack(
  decision: Decision,
  created: CreatedKey,
  failure: Failure,
  intent: Intent,
  context: AccountContext,
): Promise<Outcome> {
  let done: 'deleted' | 'not-found';
  try {
    done = await context.session.writer.delete(decision.userName, created.id);
  } catch (error) {
    return {
      status: 'partial',
      decision,
      createdKeyId: created.id,
      failure: {
        ...failure,
        message: `${failure.message}; and the new key ${created.id} could not be deleted again (${failureOf(error, 'iam:DeleteAccessKey').message})`,
        nextStep: `Nobody has the secret of ${created.id}: the next run deletes it and tries again. ${failure.nextStep}`,
      },
    };
  }
  // A key that was created a moment ago may be reported as not found and exist, so the intent then stays
  // open for the next run. It also does if this write fails.
  if (done === 'deleted')
    await context.run.ledger.closeIntent(context.account.id, intent).catch(() => undefined);
  return { status: 'failed', decision, failure };
}

async function deliver(
  decision: Decision,
  replacement: Replacement,
  state: SecretState,
  intent: Intent,
  context: AccountContext,
): Promise<Outcome> {
  const { accessKeyId: id } = replacement;
  const { session, lease, account, run } = context;
  try {
    await lease.hold();
    await session.secrets.promote({ id }, state);
    const entry = {
      ...entryFor('replaced', decision, context),
      newAccessKeyId: id,
      secretName: state.arn ?? state.name,
    };
    await run.ledger.recordDelivery(account.id, intent, id, entry);
  } catch (error) {
    // Consumers may read the new key already, so it stays; the next run finishes or undoes it.
    return {
      status: 'partial',
      decision,
      createdKeyId: id,
      failure: {
        ...failureOf(error, 'deliver the new key'),
        nextStep: `The new key ${id} works and stays; the next run finishes its delivery.`,
      },
    };
  }
  return { status: 'applied', decision, replacement };
}

/** Only where the settings name it. Secrets Manager has the secret already, so nothing can get lost. */
async function sendInPlaintext(
  userName: string,
  created: CreatedKey,
  { plaintext, account }: AccountContext,
): Promise<readonly Finding[]> {
  if (plaintext === undefined) return [];
  try {
    await plaintext.send(account, { userName }, created);
    return [];
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'sns:Publish');
    return [
      {
        severity: 'failure',
        message: `The secret of ${created.id} of ${userName} could not be published: ${message}`,
        nextStep: `It is in Secrets Manager. ${nextStep}`,
      },
    ];
  }
}
