import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { HOUR, type Instant } from '../../domain/time.ts';
import type { LeaseAnswer } from '../../run/ports/ledger.ts';
import { expiry, type RowKey } from './items.ts';
import { rowInTheWay, type Table } from './table.ts';

/** How long the row of a lease stays that was never released; long after it could matter. */
const LEASE_RETENTION = 24 * HOUR;

/** Takes the row for a run, or prolongs what the run holds. */
export async function takeLease(
  { client, name, operationError }: Table,
  key: RowKey,
  runId: string,
  until: Instant,
  now: Instant,
): Promise<LeaseAnswer> {
  const input = {
    TableName: name,
    Item: {
      ...key,
      runId,
      until,
      expiresAt: expiry(until, LEASE_RETENTION),
    },
    ConditionExpression: 'attribute_not_exists(pk) OR runId = :me OR #until <= :now',
    ExpressionAttributeNames: { '#until': 'until' },
    ExpressionAttributeValues: { ':me': runId, ':now': now },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  try {
    await client.send(new PutCommand(input));
    return { kind: 'granted' };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw operationError(error, 'dynamodb:PutItem');
    const held = rowInTheWay(error);
    return {
      kind: 'held',
      holder: typeof held['runId'] === 'string' ? held['runId'] : 'another run',
      until: typeof held['until'] === 'number' ? held['until'] : until,
    };
  }
}
