import { failureOf, isKind, OperationError, type Failure } from '../../domain/errors.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import { SECOND } from '../../domain/time.ts';
import type { AccountContext } from '../context/account-context.ts';
import type { CreatedKey } from '../ports/keys.ts';

/** IAM is eventually consistent: a new key answers after some seconds. */
const VERIFY_AFTER = [0, 1, 2, 3, 5, 8, 13].map((seconds) => seconds * SECOND);

/** @throws OperationError when the new key doesn't work, or what shows that is denied */
export async function testNewKey(
  decision: Decision,
  created: CreatedKey,
  context: AccountContext,
): Promise<void> {
  try {
    await waitUntilItAnswers(created, context);
  } catch (error) {
    if (isKind(error, 'denied')) await rememberDenial(decision, failureOf(error, 'test').message, context);
    throw error;
  }
}

async function waitUntilItAnswers(created: CreatedKey, { session, run }: AccountContext): Promise<void> {
  let last: Failure | undefined;
  for (const wait of VERIFY_AFTER) {
    if (wait > 0) await run.clock.sleep(wait);
    const test = await session.verifier.answers(created);
    if (test.kind === 'answered') return;
    last = test.failure;
  }
  throw new OperationError({
    kind: 'transient',
    during: 'sts:GetCallerIdentity',
    message: `the new key ${created.id} did not answer in time${last === undefined ? '' : `; the last answer was ${last.message}`}`,
    nextStep:
      last === undefined || last.kind === 'denied' // IAM has not told everybody of the key yet
        ? 'Nothing to do: the next run tries again.'
        : last.nextStep,
  });
}

/** For the next runs, which would make and delete a key for nothing. Without the row they do. */
async function rememberDenial(
  { userName, key }: Decision,
  cause: string,
  { run: { ledger, clock }, account }: AccountContext,
): Promise<void> {
  const denied = { at: clock.now(), cause };
  const record = { kind: 'test-denied', userName, accessKeyId: key.id, denied } as const;
  await ledger.record(account.id, [record]).catch(() => undefined);
}
