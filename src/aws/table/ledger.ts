import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { definedOnly } from '../../domain/defined-only.ts';
import { isKind, OperationError } from '../../domain/errors.ts';
import type { HistoryEntry, KeyChange } from '../../domain/rotation/history.ts';
import type { LimitKind } from '../../domain/rotation/limits.ts';
import type { Notice } from '../../domain/rotation/notice.ts';
import { days, type Duration, type Instant } from '../../domain/time.ts';
import type { Ledger } from '../../run/ports/ledger.ts';
import type { AwsSettings } from '../client/config.ts';
import { historyItem } from './history-rows.ts';
import { expiry, type Item, type RowKey } from './items.ts';
import { claimDeadlines } from './deadlines.ts';
import { takeLease } from './lease.ts';
import {
  acceptanceItem,
  acceptanceRow,
  pendingChangeItem,
  pendingChangeRow,
  DIGEST_ROW,
  intentItem,
  intentRow,
  keyRow,
  LEASE_ROW,
  NOTICE_ATTRIBUTES,
  partitionOf,
} from './ledger-rows.ts';
import { readRows } from './read-ledger.ts';
import { dynamoTable, updateOf, type Table, type Write } from './table.ts';

/** How long the row of a deleted key stays, for people who ask what became of it. */
const DELETED_KEY_RETENTION = days(400);

/**
 * The ledger in one DynamoDB table. Every write is about one account.
 * @param historyKept how long what is added to the history stays; its default is that of the settings
 */
export function dynamoLedger(settings: AwsSettings, tableName: string, historyKept?: Duration): Ledger {
  const table = dynamoTable(settings, tableName);
  const at = (accountId: string, sk: string): RowKey => ({ pk: partitionOf(accountId), sk });
  const remember = (
    accountId: string,
    id: string,
    changes: Item,
    removes: readonly string[] = [],
    adds: Item = {},
  ) => {
    // A key that something is recorded of is there: its row doesn't end, whatever a list has left out before.
    const kept = [...removes, 'goneAt', 'expiresAt'];
    return table.update(updateOf(at(accountId, keyRow(id)), changes, kept, adds));
  };
  const update = (key: RowKey, changes: Item, removes: readonly string[] = []): Write => ({
    Update: { TableName: tableName, ...updateOf(key, changes, removes) },
  });
  const put = (Item: Item): Write => ({ Put: { TableName: tableName, Item } });
  /** What another run started is still pending: it stays. */
  const putOwn = async (Item: Item, runId: string): Promise<void> => {
    const mine = {
      ConditionExpression: 'attribute_not_exists(pk) OR runId = :me',
      ExpressionAttributeValues: { ':me': runId },
    };
    try {
      await table.client.send(new PutCommand({ TableName: tableName, Item, ...mine }));
    } catch (error) {
      throw table.operationError(error, 'dynamodb:PutItem');
    }
  };
  const history = (accountId: string, entry: HistoryEntry, about?: string) =>
    put(historyItem(accountId, entry, about, historyKept));

  return {
    read: async (accountId) => readRows(await table.rows(partitionOf(accountId))),
    acquireLease: (accountId, runId, until, now) =>
      takeLease(table, at(accountId, LEASE_ROW), runId, until, now),
    releaseLease: (accountId, runId) => removeOwn(table, at(accountId, LEASE_ROW), runId),
    openIntent: async (accountId, intent) => {
      await putOwn(intentItem(accountId, intent), intent.runId);
    },
    closeIntent: async (accountId, { userName, runId }, entry) => {
      const Key = at(accountId, intentRow(userName));
      if (entry === undefined) {
        await removeOwn(table, Key, runId);
        return;
      }
      try {
        await table.transact([
          { Delete: { TableName: tableName, Key, ...ifOf(runId) } },
          history(accountId, entry),
        ]);
      } catch (error) {
        // Another run has it by now, or the first try was answered and the answer lost.
        if (!isKind(error, 'conflict')) throw error;
      }
    },
    recordDelivery: async (accountId, { userName, replaces, runId }, accessKeyId, entry) => {
      const key = at(accountId, keyRow(accessKeyId));
      const intent = at(accountId, intentRow(userName));
      const { at: deliveredAt, secretName } = entry;
      const changes = { userName, replacementOf: replaces, deliveredAt, ...definedOnly({ secretName }) };
      try {
        await table.transact([
          update(key, changes),
          ...(isEmergency(entry) ? [update(at(accountId, keyRow(replaces)), { userName, ...LEAKED })] : []),
          { Delete: { TableName: tableName, Key: intent, ...ifOf(runId) } },
          history(accountId, entry),
        ]);
      } catch (error) {
        // After a lost answer the second try finds the intent closed: by this very delivery?
        const known = isKind(error, 'conflict') ? await table.row(key) : undefined;
        if (known?.['deliveredAt'] !== entry.at) throw error;
      }
    },
    recordPublished: (accountId, userName, id, { notice, told }) =>
      remember(accountId, id, { userName, ...noticeAttribute(notice), ...definedOnly({ told }) }),
    recordTestDenied: (accountId, userName, id, testDenied) =>
      remember(accountId, id, { userName, testDenied }),
    voidNotices: (accountId, userName, id) => remember(accountId, id, { userName }, EVERY_NOTICE),
    recordGone: (accountId, id, when) =>
      table.update(
        updateOf(at(accountId, keyRow(id)), { goneAt: when, expiresAt: expiry(when, DELETED_KEY_RETENTION) }),
      ),
    recordInactive: (accountId, userName, id, when) =>
      remember(accountId, id, { userName, inactiveSince: when }, ['deactivatedAs']),
    recordReactivated: (accountId, userName, id, when) =>
      remember(accountId, id, { userName, reactivatedAt: when }, CLEARED_WHEN_REACTIVATED, {
        // A set: a call that is repeated after a lost answer counts once.
        reactivations: new Set([when]),
      }),
    claimDeadlines: (runId, wanted, most, now) => claimDeadlines(table, runId, wanted, most, now),
    markChangePending: async (accountId, change) => {
      await putOwn(pendingChangeItem(accountId, change), change.runId);
    },
    dropPendingChange: (accountId, { accessKeyId, runId }) =>
      removeOwn(table, at(accountId, pendingChangeRow(accessKeyId)), runId),
    recordChange: async (accountId, change, since) => {
      const { changes, removes = [] } = attributesChangedBy(change, since);
      const key = at(accountId, keyRow(change.accessKeyId));
      await table.transact([
        update(key, { userName: change.userName, ...changes }, removes),
        history(accountId, change),
        { Delete: { TableName: tableName, Key: at(accountId, pendingChangeRow(change.accessKeyId)) } },
      ]);
    },
    markDigestPending: async (accountId, runId, when) => {
      const key = at(accountId, DIGEST_ROW);
      // The first run without a published digest counts: the history since then is what is unreported.
      const ifNone = { ConditionExpression: 'attribute_not_exists(owedBy)' };
      try {
        await table.update({
          ...updateOf(key, { owedBy: runId, owedSince: when }),
          ...ifNone,
        });
      } catch (error) {
        if (!isKind(error, 'conflict')) throw error;
      }
    },
    markDigestSent: (accountId, when) =>
      table.update(
        updateOf(at(accountId, DIGEST_ROW), definedOnly({ publishedAt: when }), ['owedBy', 'owedSince']),
      ),
    accept: (accountId, acceptance, entry) =>
      table.transact([
        put(acceptanceItem(accountId, acceptance)),
        history(accountId, entry, acceptance.limit),
      ]),
    useAcceptance: async (accountId, limit, entry) => {
      const Update = {
        TableName: tableName,
        ...updateOf(at(accountId, acceptanceRow(limit)), { usedBy: entry.runId }),
        ConditionExpression: 'attribute_exists(pk)',
      };
      try {
        await table.transact([{ Update }, history(accountId, entry, limit)]);
      } catch (error) {
        throw isKind(error, 'conflict') ? notAccepted(accountId, limit) : error;
      }
    },
    endAcceptance: async (accountId, limit) => {
      const Key = at(accountId, acceptanceRow(limit));
      try {
        await table.client.send(new DeleteCommand({ TableName: tableName, Key }));
      } catch (error) {
        throw table.operationError(error, 'dynamodb:DeleteItem');
      }
    },
  };
}

/** Never cleared: switched on and off again, the key is no safer. */
const LEAKED = { mayHaveLeaked: true } as const;
const isEmergency = ({ reason }: Pick<HistoryEntry, 'reason'>): boolean => reason === 'emergency';

/** What version 1 wrote is cleared along. */
const EVERY_NOTICE: readonly string[] = [...Object.values(NOTICE_ATTRIBUTES), 'noticedAt'];

/** Removed from the row of a key that is active again: its notices and its grace begin anew. */
const CLEARED_WHEN_REACTIVATED: readonly string[] = ['inactiveSince', 'deactivatedAs', ...EVERY_NOTICE];

function noticeAttribute(notice: Notice | undefined): Item {
  if (notice === undefined) return {};
  const { about, ...dates } = notice;
  return { [NOTICE_ATTRIBUTES[about]]: dates };
}

function attributesChangedBy(
  change: KeyChange,
  since: Instant,
): { readonly changes: Item; readonly removes?: readonly string[] } {
  const { what, at, reason } = change;
  switch (what) {
    case 'deactivated':
      return {
        changes: { inactiveSince: since, deactivatedAs: reason, ...(isEmergency(change) ? LEAKED : {}) },
      };
    case 'deleted':
    case 'lost-key-deleted':
      return { changes: { deletedAt: at, expiresAt: expiry(at, DELETED_KEY_RETENTION) } };
    case 'restored':
      return { changes: { reactivatedAt: since }, removes: CLEARED_WHEN_REACTIVATED };
  }
}

/** Deletes a row of this run; one of another run stays. */
async function removeOwn({ client, name, operationError }: Table, Key: RowKey, runId: string): Promise<void> {
  try {
    await client.send(new DeleteCommand({ TableName: name, Key, ...ifOf(runId) }));
  } catch (error) {
    // Another run has it by now, or the first try was answered and the answer lost.
    if (!(error instanceof ConditionalCheckFailedException))
      throw operationError(error, 'dynamodb:DeleteItem');
  }
}

const ifOf = (runId: string) => ({
  ConditionExpression: 'runId = :me',
  ExpressionAttributeValues: { ':me': runId },
});

const notAccepted = (accountId: string, limit: LimitKind): OperationError =>
  new OperationError({
    kind: 'conflict',
    during: 'dynamodb:TransactWriteItems',
    message: `what lets a run pass the limit on ${limit} in account ${accountId} is no longer there`,
    nextStep: 'Another run may have used it. Accept the limit again if it is to be passed once more.',
  });
