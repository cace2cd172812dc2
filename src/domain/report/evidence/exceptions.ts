import { definedOnly } from '../../defined-only.ts';
import type { Instant } from '../../time.ts';
import type { StoredAccount, StoredRun } from '../stored-run.ts';
import { exemptionOf, type CheckResult } from './checks.ts';

/** Something that is left as it is, and who answers for that. */
export interface ListedException {
  /** `exclusion`: the settings leave the user out, without an end; it is not assessed, and so not excepted either. */
  readonly kind: 'exemption' | 'exclusion' | 'rotation-under-way';
  readonly accountId: string;
  readonly accountName: string;
  readonly userName: string;
  readonly keyId?: string;
  readonly owner?: string;
  /** ARN of who changed the settings last that say it. */
  readonly setBy?: string;
  readonly reason: string;
  readonly until?: Instant;
}

/** Whether or not a check would fail without them. */
export const exceptionsIn = (
  { accounts }: StoredRun,
  ofPairs: readonly CheckResult[],
): readonly ListedException[] => [
  ...accounts.flatMap(exemptions),
  ...accounts.flatMap(exclusions),
  ...ofPairs.flatMap(underWay),
];

const exemptions = ({ id, name, keys }: StoredAccount): readonly ListedException[] =>
  keys
    .filter(({ action, status }) => action === 'exempt' && status !== 'deleted')
    .map((key) => ({
      accountId: id,
      accountName: name,
      userName: key.userName,
      keyId: key.keyId,
      ...exemptionOf(key),
    }));

const exclusions = (account: StoredAccount): readonly ListedException[] =>
  account.exclusions.map(({ userName, setting, from, selector, setBy }) => ({
    kind: 'exclusion',
    accountId: account.id,
    accountName: account.name,
    userName,
    reason: `${setting}${selector === undefined ? ' names others only' : ` has ${selector}`}, set at ${from}`,
    ...definedOnly({ setBy }),
  }));

const underWay = ({
  accountId,
  accountName,
  userName = '',
  keyId,
  exception,
}: CheckResult): readonly ListedException[] =>
  exception?.kind === 'rotation-under-way'
    ? [{ accountId, accountName, userName, ...definedOnly({ keyId }), ...exception }]
    : [];
