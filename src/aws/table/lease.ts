import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { CLOCK_SKEW, HOUR, type Instant } from '../../domain/time.ts';
import type { LeaseAnswer } from '../../run/ports/ledger.ts';
import { expiry, runIdField, type Item, type RowKey } from './items.ts';
import { rowInTheWay, type Table } from './table.ts';

/** How long the row of a lease stays that was never released; long after it could matter. */
const LEASE_RETENTION = 24 * HOUR;

/**
 * Takes the row for a run, or prolongs what the run holds. A lease that is longer than the one that is wanted,
 * which is the longest, is none: whoever wrote it could hold the account for ever.
 */
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
    ConditionExpression:
      'attribute_not_exists(pk) OR runId = :me OR #until <= :now OR #until > :longest OR NOT attribute_type(#until, :number)',
    ExpressionAttributeNames: { '#until': 'until' },
    ExpressionAttributeValues: {
      ':me': runId,
      ':now': now,
      ':longest': until + CLOCK_SKEW,
      ':number': 'N',
    },
    ReturnValues: 'ALL_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  try {
    const { Attributes: before } = await client.send(new PutCommand(input));
    const isNone = before !== undefined && !isLease(before['until'], until);
    return isNone ? { kind: 'granted', notBelieved: describe(before) } : { kind: 'granted' };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw operationError(error, 'dynamodb:PutItem');
    const held = rowInTheWay(error);
    return {
      kind: 'held',
      holder: holderOf(held),
      until: typeof held['until'] === 'number' ? held['until'] : until,
    };
  }
}

const isLease = (held: unknown, longest: Instant): boolean =>
  typeof held === 'number' && held <= longest + CLOCK_SKEW;

const holderOf = ({ runId }: Item): string => {
  const { success, data } = runIdField.safeParse(runId);
  return success ? data : 'another run';
};

function describe(row: Item): string {
  const { until } = row;
  const end = typeof until === 'number' ? new Date(until) : undefined;
  const isDate = end !== undefined && !Number.isNaN(end.getTime());
  return `${holderOf(row)}, until ${isDate ? end.toISOString() : 'nobody knows when'}`;
}
