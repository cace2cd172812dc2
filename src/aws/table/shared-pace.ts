import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isKind } from '../../domain/errors.ts';
import { MINUTE, days, type Instant } from '../../domain/time.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { AwsSettings } from '../client/config.ts';
import { ask } from '../client/errors.ts';
import { INTERVAL, type Pace } from '../messaging/pace.ts';
import { expiry, type RowKey } from './items.ts';
import { dynamoTable } from './table.ts';

/*
 * When the next message may go to a topic, for processes that know nothing of each other. One row a topic:
 *
 *   pk    sk         attributes
 *   pace  topic ARN  next (a moment), expiresAt
 */

/** No more processes wait at once than have their turn in this time: whoever wrote a later moment isn't believed. */
const LONGEST_WAIT = 2 * MINUTE;

const KEPT = days(30);
const TRIES = 20;

/**
 * Spaces the messages of all processes evenly. Each takes its turn by adding to one number, and waits for it.
 * @throws OperationError when the table can't be written
 */
export function sharedPace(settings: AwsSettings, tableName: string, topicArn: string, clock: Clock): Pace {
  const { client } = dynamoTable(settings, tableName);
  const Key: RowKey = { pk: 'pace', sk: topicArn };
  const ExpressionAttributeNames = { '#next': 'next', '#expiresAt': 'expiresAt' };

  /** Behind those who wait. @returns undefined where nobody does */
  const queue = async (now: Instant): Promise<Instant | undefined> => {
    const update = new UpdateCommand({
      TableName: tableName,
      Key,
      UpdateExpression: 'ADD #next :interval SET #expiresAt = :end',
      ConditionExpression: '#next BETWEEN :now AND :latest',
      ExpressionAttributeNames,
      ExpressionAttributeValues: {
        ':interval': INTERVAL,
        ':now': now,
        ':latest': now + LONGEST_WAIT,
        ':end': expiry(now, KEPT),
      },
      ReturnValues: 'ALL_OLD',
    });
    return await unlessRefused(async () => {
      const { Attributes } = await client.send(update);
      return Number(Attributes?.['next']);
    });
  };

  /** At once, as nobody waits. @returns undefined where somebody does by now */
  const begin = async (now: Instant): Promise<Instant | undefined> => {
    const update = new UpdateCommand({
      TableName: tableName,
      Key,
      UpdateExpression: 'SET #next = :next, #expiresAt = :end',
      ConditionExpression: 'attribute_not_exists(#next) OR NOT (#next BETWEEN :now AND :latest)',
      ExpressionAttributeNames,
      ExpressionAttributeValues: {
        ':next': now + INTERVAL,
        ':now': now,
        ':latest': now + LONGEST_WAIT,
        ':end': expiry(now, KEPT),
      },
    });
    return await unlessRefused(async () => {
      await client.send(update);
      return now;
    });
  };

  return async () => {
    for (let tried = 0; tried < TRIES; tried++) {
      const now = clock.now();
      const turn = (await queue(now)) ?? (await begin(now));
      if (turn === undefined) continue;
      if (turn > now) await clock.sleep(turn - now);
      return;
    }
  };
}

async function unlessRefused<Answer>(update: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask('dynamodb:UpdateItem', update);
  } catch (error) {
    if (isKind(error, 'conflict')) return undefined;
    throw error;
  }
}
