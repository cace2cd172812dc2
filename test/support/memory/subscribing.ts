import type { Account } from '../../../src/domain/account.ts';
import type { BadSettingsRow, SettingsRow } from '../../../src/domain/settings/setting.ts';
import type { Instant } from '../../../src/domain/time.ts';
import { applySubscriptions, type AppliedSubscriptions } from '../../../src/run/subscribe/apply.ts';
import { preparePlan, type Subscribing } from '../../../src/run/subscribe/plan.ts';
import type { Who } from '../../../src/run/subscribe/requests.ts';
import { account, snapshotOf, T0 } from '../builders.ts';
import { SHARED } from '../subscriptions.ts';
import { NO_SELECTION } from './organization.ts';
import { memoryTopics, type MemoryTopics } from './topics.ts';

/** An organization whose digests go to {@link SHARED}, and who reads them. */
export interface MemorySubscribing {
  readonly topics: MemoryTopics;
  /** Security contacts by account id; a promise that is rejected is a call that fails. */
  readonly contacts: Map<string, () => Promise<string | undefined>>;
  readonly rows: SettingsRow[];
  readonly badRows: BadSettingsRow[];
  now: Instant;
  topicOf(accountId: string): string;
  /** Plans. */
  plan(
    who: Who,
    accountIds?: readonly string[],
    changes?: Partial<Subscribing>,
  ): ReturnType<typeof preparePlan>;
  /** Plans, and does it. */
  subscribe(who: Who, accountIds?: readonly string[]): Promise<readonly AppliedSubscriptions[]>;
  readonly subscribing: Required<Subscribing>;
}

export const SERVICE = '999999999999';

export function memorySubscribing(accounts: readonly Partial<Account>[]): MemorySubscribing {
  const topics = memoryTopics();
  topics.add(SHARED);
  const contacts: MemorySubscribing['contacts'] = new Map();
  const rows: SettingsRow[] = [];
  const badRows: BadSettingsRow[] = [];
  const changed = new Map<string, Instant>();
  const indexOf = (accountId: string) =>
    rows.findIndex(({ target }) => target.level === 'account' && target.accountId === accountId);
  const members = accounts.map((facts) => account(facts));
  const world: MemorySubscribing = {
    topics,
    contacts,
    rows,
    badRows,
    now: T0,
    topicOf: (accountId) => rows[indexOf(accountId)]?.values.topicArn ?? SHARED,
    plan: async (who, onlyAccounts = [], changes = {}) =>
      await preparePlan(who, {
        ...world.subscribing,
        selection: { ...NO_SELECTION, onlyAccounts },
        now: world.now,
        ...changes,
      }),
    subscribe: async (who, onlyAccounts) =>
      await applySubscriptions((await world.plan(who, onlyAccounts)).steps, world.subscribing),
    subscribing: {
      now: T0,
      selection: NO_SELECTION,
      directory: { list: async () => ({ accounts: members, ous: [] }) },
      settings: {
        read: async () => ({ ...snapshotOf({ topicArn: SHARED }), rows: [...rows], badRows: [...badRows] }),
      },
      sessions: { caller: async () => `arn:aws:sts::${SERVICE}:assumed-role/admin/ann` },
      topics: topics.port,
      contacts: { security: async (accountId = SERVICE) => await contacts.get(accountId)?.() },
      topicSettings: {
        setTopic: async (accountId, topicArn) => {
          const row: SettingsRow = {
            target: { level: 'account', accountId },
            values: { topicArn },
            final: [],
          };
          const index = indexOf(accountId);
          rows.splice(index < 0 ? rows.length : index, index < 0 ? 0 : 1, row);
          changed.set(accountId, world.now);
        },
        changedAt: async (accountId) => changed.get(accountId),
      },
    },
  };
  return world;
}
