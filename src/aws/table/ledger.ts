import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { definedOnly } from '../../domain/defined-only.ts';
import { isKind, OperationError } from '../../domain/errors.ts';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import type { LimitKind } from '../../domain/rotation/limits.ts';
import type { Duration } from '../../domain/time.ts';
import type { Ledger } from '../../run/ports/ledger.ts';
import type { AwsSettings } from '../client/config.ts';
import { historyItem } from './history-rows.ts';
import type { Item, RowKey } from './items.ts';
import { attributesChangedBy, attributesRecordedBy, isEmergency, LEAKED } from './key-attributes.ts';
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
  partitionOf,
} from './ledger-rows.ts';
import { readRows } from './read-ledger.ts';
import { dynamoTable, updateOf, type Table, type Write } from './table.ts';

/**
 * The ledger in one DynamoDB table. Every write is about one account.
 * @param historyKept how long what is added to the history stays; its default is that of the settings
 */
export function dynamoLedger(settings: AwsSettings, tableName: string, historyKept?: Duration): Ledger {
  const table = dynamoTable(settings, tableName);
  const at = (accountId: string, sk: string): RowKey => ({ pk: partitionOf(accountId), sk });
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
    record: async (accountId, records) => {
      const updates = records.map((record) =>
        updateOf(at(accountId, keyRow(record.accessKeyId)), ...attributesRecordedBy(record)),
      );
      const [first, ...more] = updates;
      if (first === undefined) return;
      // A transaction of one costs twice as much.
      if (more.length === 0) await table.update(first);
      else await table.transact(updates.map((one): Write => ({ Update: { TableName: tableName, ...one } })));
    },
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
