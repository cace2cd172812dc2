import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { HOUR, type Instant } from '../../domain/time.ts';
import type { LeaseAnswer } from '../../run/ports/ledger.ts';
import { expiry, number, text, type RowKey } from './items.ts';
import type { Table } from './table.ts';

/** A lease that nobody gave back is no use to anyone after this. */
const KEPT_AFTER_LEASE = 24 * HOUR;

/** Takes the row for a run, or prolongs what the run holds. */
export async function takeLease(
  { client, name, refusal }: Table,
  key: RowKey,
  runId: string,
  until: Instant,
  now: Instant,
): Promise<LeaseAnswer> {
  const input = {
    TableName: name,
    Item: {
      ...key,
      runId: text(runId),
      until: number(until),
      expiresAt: expiry(until, KEPT_AFTER_LEASE),
    },
    ConditionExpression: 'attribute_not_exists(pk) OR runId = :me OR #until <= :now',
    ExpressionAttributeNames: { '#until': 'until' },
    ExpressionAttributeValues: { ':me': text(runId), ':now': number(now) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  try {
    await client.send(new PutItemCommand(input));
    return { kind: 'granted' };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw refusal(error, 'dynamodb:PutItem');
    const held = error.Item ?? {};
    return {
      kind: 'held',
      holder: held['runId']?.S ?? 'another run',
      until: Number(held['until']?.N ?? until),
    };
  }
}
