import { OperationError } from '../../domain/errors.ts';
import type { Replacement } from '../../domain/report/outcome.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { KeyChange } from '../../domain/rotation/history.ts';
import type { AccessKey, Delivery } from '../../domain/rotation/key.ts';
import { adopted, asItsOwnerUsedIt, replacementOf } from '../../domain/rotation/predicates.ts';
import type { SecretStore } from '../ports/secrets.ts';

/** What a change rests on: that consumers find this key in that secret. */
interface RestsOn {
  readonly accessKeyId: string;
  /** Absent for what an earlier version delivered. */
  readonly secretName: string | undefined;
}

/**
 * Looks at the secret again before a key goes because of its replacement: as long as its owner has not
 * been seen to use that, the secret is all there is of it.
 * @param others the user's other keys, as far as they have not been changed by this run
 * @param madeNow what this run has just replaced the key by
 * @throws OperationError when the secret doesn't hold the replacement, or that can't be known
 */
export async function assertStillDelivered(
  what: KeyChange['what'],
  decision: Decision,
  others: readonly AccessKey[],
  madeNow: Replacement | undefined,
  secrets: Pick<SecretStore, 'deliveryOf' | 'hasHeld'>,
): Promise<void> {
  if (what === 'deactivated' && decision.reason === 'moved') {
    await assertMadeByUs(decision, others, secrets);
    return;
  }
  const restsOn = whatItRestsOn(what, decision, others, madeNow);
  if (restsOn === undefined) return;
  const { accessKeyId, secretName } = restsOn;
  const delivery = await secrets.deliveryOf(decision.userName, accessKeyId, secretName);
  if (delivery === 'current') return;
  const secret = secretName ?? `the secret of ${decision.userName}`;
  const { message, nextStep } = PROBLEMS[delivery](accessKeyId, secret);
  throw new OperationError({
    kind: delivery === 'unknown' ? 'unknown' : 'changed-meanwhile',
    during: `${decision.action} ${decision.key.id}`,
    message,
    nextStep,
  });
}

/**
 * Whose owner has moved needs no secret any more, but that the key moved to is our replacement says a row, and
 * whoever can write rows could call any other key of the user so. Where no secret shows it, the key goes when
 * nobody has used it for long.
 * @throws OperationError when no secret shows it, or that can't be read
 */
async function assertMadeByUs(
  { action, key, userName, userArn: arn, userId }: Decision,
  others: readonly AccessKey[],
  secrets: Pick<SecretStore, 'hasHeld'>,
): Promise<void> {
  const replacement = others.map((other) => replacementOf(key, other)).find((one) => one !== undefined);
  if (replacement === undefined) return;
  const { id, memory } = replacement;
  if (await secrets.hasHeld({ userName, arn, userId }, id, memory.secretName)) return;
  throw new OperationError({
    kind: 'changed-meanwhile',
    during: `${action} ${key.id}`,
    message: `it stays: that ${id} was delivered as its replacement says a row of the ledger, and no secret shows it`,
    nextStep: `If ${id} does replace it, switch it off by hand; nobody uses it any more. Else find out who wrote the row key#${id}. It goes by itself once nobody has used it for long enough.`,
  });
}

function whatItRestsOn(
  what: KeyChange['what'],
  { key, adoption, reason }: Decision,
  others: readonly AccessKey[],
  madeNow: Replacement | undefined,
): RestsOn | undefined {
  if (what !== 'deactivated' && what !== 'deleted') return undefined;
  const replacement = others.map((other) => replacementOf(key, other)).find((one) => one !== undefined);
  if (madeNow !== undefined) {
    return { accessKeyId: madeNow.accessKeyId, secretName: madeNow.secretArn ?? madeNow.secretName };
  }
  // A key goes as unused whether or not it was replaced.
  const becauseOfIt = what === 'deleted' || adoption !== undefined || reason === 'emergency';
  if (replacement === undefined || !becauseOfIt) return undefined;
  // At a deadline something still needs the key, and has to find the replacement, whoever else uses that.
  if (reason !== 'deadline' && adopted(asItsOwnerUsedIt(key), asItsOwnerUsedIt(replacement)))
    return undefined;
  return { accessKeyId: replacement.id, secretName: replacement.memory.secretName };
}

type Problem = (
  accessKeyId: string,
  secret: string,
) => { readonly message: string; readonly nextStep: string };

const PROBLEMS: Record<Exclude<Delivery, 'current'>, Problem> = {
  superseded: (id, secret) => ({
    message: `it stays: ${id} was delivered as its replacement, but ${secret} holds another value by now`,
    nextStep: `Find out who changed it, and make the version with ${id} current again: aws secretsmanager list-secret-version-ids --secret-id ${secret}`,
  }),
  deleting: (id, secret) => ({
    message: `it stays: ${id} was delivered as its replacement, but ${secret} is scheduled for deletion`,
    nextStep: `Restore it: aws secretsmanager restore-secret --secret-id ${secret}`,
  }),
  gone: (id, secret) => ({
    message: `it stays: ${id} was delivered as its replacement, but ${secret} is gone`,
    nextStep: `If somebody has the secret of ${id}, nothing is lost; else delete ${id}, and the key is replaced anew.`,
  }),
  unknown: (id, secret) => ({
    message: `it stays: whether ${secret} still holds ${id}, its replacement, could not be read (secretsmanager:DescribeSecret)`,
    nextStep: `Allow secretsmanager:DescribeSecret on ${secret} to the member role; the next run looks again.`,
  }),
};
