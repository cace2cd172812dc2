import type { FormerMembers } from '../../run/ports/accounts.ts';
import type { AwsSettings } from '../client/config.ts';
import { historyPartitionOf } from './history-rows.ts';
import { partitionOf } from './ledger-rows.ts';
import { dynamoTable } from './table.ts';

/*
 * An account that the table has rows of was worked on once. Of those that the settings leave out there are
 * none, so the ids that the settings name are kept beside them:
 *
 *   pk    sk       attributes
 *   run   members  accountIds: a set of strings
 */

const KEY = { pk: 'run', sk: 'members' };

export function dynamoFormerMembers(settings: AwsSettings, tableName: string): FormerMembers {
  const table = dynamoTable(settings, tableName);
  return {
    wasMember: async (accountId) => {
      const { accountIds } = (await table.row(KEY)) ?? {};
      if (accountIds instanceof Set && accountIds.has(accountId)) return true;
      for (const partition of [partitionOf(accountId), historyPartitionOf(accountId)]) {
        if ((await table.rows(partition)).length > 0) return true;
      }
      return false;
    },
    remember: async (accountIds) => {
      if (accountIds.length === 0) return; // DynamoDB refuses an empty set
      await table.update({
        Key: KEY,
        UpdateExpression: 'ADD #ids :ids',
        ExpressionAttributeNames: { '#ids': 'accountIds' },
        ExpressionAttributeValues: { ':ids': new Set(accountIds) },
      });
    },
  };
}
