import { definedOnly } from '../../domain/defined-only.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { believed, hasHappened, longestNotice } from '../../domain/rotation/believed.ts';
import { keysWhoseLastUseMatters, replacementsToLookFor } from '../../domain/rotation/decide.ts';
import type { AccessKey, KeyMemory, UserKeys } from '../../domain/rotation/key.ts';
import type { LastUse } from '../../domain/rotation/key.ts';
import { useOf, type ReportedUser } from '../../domain/rotation/credential-report.ts';
import { asItsOwnerUsedIt, inUse, TESTED_WITHIN, unused } from '../../domain/rotation/predicates.ts';
import type { Policy } from '../../domain/rotation/policy.ts';
import type { AccountView } from '../context/account-context.ts';
import { asOf } from '../context/run-context.ts';
import type { ListedKey } from '../ports/keys.ts';
import type { AccountLedger } from '../ports/ledger.ts';

/** What says that the key was switched off or on. */
const SWITCHED: ReadonlySet<keyof KeyMemory> = new Set<keyof KeyMemory>(['inactiveSince', 'reactivatedAt']);

interface ReadKeys {
  readonly keys: readonly AccessKey[];
  readonly findings: readonly Finding[];
}

/**
 * Everything that decisions about a user's keys depend on: what the ledger says, as far as it can be
 * believed, last uses, and whether the user's secret still holds a replacement that nobody has taken yet.
 * @throws OperationError when IAM doesn't tell
 */
export async function readKeys(
  {
    reported,
    ...user
  }: Omit<UserKeys, 'keys'> & {
    readonly keys: readonly ListedKey[];
    /** What the credential report says of the user. */
    readonly reported?: ReportedUser;
  },
  policy: Policy,
  { run, session }: AccountView,
  ledger: AccountLedger,
): Promise<ReadKeys> {
  const findings: Finding[] = [];
  const keys: AccessKey[] = [];
  const createdAtOf = (id: string) => user.keys.find((one) => one.id === id)?.createdAt;
  const known = { createdAtOf, longestNotice: longestNotice(policy) };
  for (const listed of user.keys) {
    const { createdAt } = listed;
    const { memory, disbelieved } = believed(ledger.keys.get(listed.id) ?? {}, run.now, {
      ...known,
      createdAt,
    });
    if (disbelieved.length > 0) findings.push(notBelieved(user.userName, listed.id, disbelieved));
    const { replacementOf, secretName } = memory;
    const offSince = replacementOf === undefined ? undefined : ledger.offSince.get(replacementOf);
    // Where its time is not believed, the secret tells whether there was a delivery. The run that made the
    // key delivered it, so its graces count from the last moment at which that run can have tested it.
    const isDelivered =
      disbelieved.includes('deliveredAt') &&
      replacementOf !== undefined &&
      (await session.secrets.deliveryOf(user.userName, listed.id, secretName, asOf(run))) === 'current';
    keys.push({
      ...listed,
      lastUse: { kind: 'unknown' },
      memory: {
        ...memory,
        ...(isDelivered ? { deliveredAt: Math.min(run.now, listed.createdAt + TESTED_WITHIN) } : {}),
        // Something was done to it that nobody can date any more: it is as one that is on again since now.
        ...(listed.status === 'active' && disbelieved.some((name) => SWITCHED.has(name))
          ? { inactiveSince: run.now }
          : {}),
      },
      ...definedOnly({
        predecessorOffSince: offSince !== undefined && hasHappened(offSince, run.now) ? offSince : undefined,
      }),
    });
  }
  const used = await withLastUses({ ...user, keys }, policy);
  return { keys: await withDeliveries({ ...user, keys: used }), findings };

  async function withLastUses(found: UserKeys, rules: Policy): Promise<readonly AccessKey[]> {
    const wanted = keysWhoseLastUseMatters(found, rules, run.now);
    const read: AccessKey[] = [];
    for (const key of found.keys) {
      const reads = run.everyLastUse === true || wanted.has(key.id);
      const lastUse = reads
        ? (knownUse(key, found, rules) ?? (await session.inventory.lastUse(key.id)))
        : undefined;
      read.push(lastUse === undefined ? key : { ...key, lastUse });
    }
    return read;
  }

  /**
   * A use that the report knows of is a lower bound: enough to say that a key is in use. Where anything else
   * depends on it, as who has moved where, IAM is asked.
   */
  function knownUse(key: AccessKey, found: UserKeys, rules: Policy): LastUse | undefined {
    if (reported === undefined || found.keys.length > 1 || key.status !== 'active') return undefined;
    const use = useOf(reported, key.createdAt);
    if (use === undefined) return undefined;
    const used = asItsOwnerUsedIt({ ...key, lastUse: { kind: 'used', ...use } });
    return inUse(used, rules, run.now) && !unused(used, rules, run.now) ? used.lastUse : undefined;
  }

  async function withDeliveries(found: UserKeys): Promise<readonly AccessKey[]> {
    const wanted = new Set(replacementsToLookFor(found).map(({ id }) => id));
    const read: AccessKey[] = [];
    for (const key of found.keys) {
      const { secretName } = key.memory;
      read.push(
        wanted.has(key.id)
          ? {
              ...key,
              delivery: await session.secrets.deliveryOf(user.userName, key.id, secretName, asOf(run)),
            }
          : key,
      );
    }
    return read;
  }
}

const notBelieved = (userName: string, accessKeyId: string, fields: readonly string[]): Finding => ({
  severity: 'failure',
  message: `The ledger's row of ${accessKeyId} of ${userName} says what can't be true (${fields.join(', ')}), a moment in the future for instance; it is not believed.`,
  nextStep: `Find out who wrote the row key#${accessKeyId}: only the service should be able to.`,
});
