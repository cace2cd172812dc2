import type { Action, Decision } from '../../../src/domain/rotation/decision.ts';
import { takeLease, type Lease } from '../../../src/run/context/lease.ts';
import type { AccountContext } from '../../../src/run/context/account-context.ts';
import { decision } from '../builders.ts';
import { arnOf } from './iam.ts';
import { accountSettings } from '../builders.ts';
import { intercepted, interceptedSession, type Around } from './intercept.ts';
import {
  CALLER,
  HOW,
  memoryOrganization,
  type MemoryAccount,
  type MemoryOrganization,
} from './organization.ts';

/** One account of an organization of one, where a run stands ready to work. */
export interface MemoryAccountContext extends MemoryOrganization, MemoryAccount {
  readonly context: AccountContext;
  /** A decision about a key as it is listed now. */
  decisionOn(action: Action, accessKeyId: string): Decision;
}

/** @param around what happens around each call of the account context, `lease.hold` included */
export async function memoryAccountContext(
  around: Around = (_, proceed) => proceed(),
): Promise<MemoryAccountContext> {
  const organization = memoryOrganization();
  const member = organization.add();
  const run = organization.run();
  const lease = await leaseOf(organization, member.id, run.runId);
  return {
    ...organization,
    ...member,
    context: {
      run: { ...run, ledger: intercepted('ledger', run.ledger, around) },
      account: member.account,
      settings: accountSettings({ mode: 'enforce' }, member.account),
      session: interceptedSession(await run.sessions.open(member.account, HOW), around),
      lease: intercepted('lease', lease, around),
      caller: CALLER,
    },
    decisionOn: (action, accessKeyId) => {
      const { id, userName, status, createdAt, uses, usedWith } = member.iam.key(accessKeyId);
      const at = uses.at(-1);
      const lastUse =
        at === undefined ? ({ kind: 'never' } as const) : ({ kind: 'used', at, ...usedWith } as const);
      const memory = organization.ledger.of(member.id).keys.get(id) ?? {};
      const key = { id, status, createdAt, lastUse, memory };
      const userId = member.iam.userIdOf(userName);
      return decision(action, { userName, userArn: arnOf(member.id, userName), userId, key });
    },
  };
}

/** A lease that must be free. */
export async function leaseOf(
  { ledger, clock }: MemoryOrganization,
  accountId: string,
  runId: string,
): Promise<Lease> {
  const taken = await takeLease(ledger.port, clock, accountId, runId);
  if (!('lease' in taken)) throw new Error(`the account is held by ${taken.holder}`);
  return taken.lease;
}
