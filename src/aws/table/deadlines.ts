import { isKind } from '../../domain/errors.ts';
import { days, type Instant } from '../../domain/time.ts';
import { expiry, type RowKey } from './items.ts';
import { updateOf, type Table } from './table.ts';

/*
 * What a run may deactivate at a deadline in the whole organization, counted in one row a run, so that
 * it holds for any number of workers:
 *
 *   pk            sk          attributes
 *   run#<run id>  deadlines   taken, expiresAt
 */

/** Longer than any run, with all that is tried again. */
const KEPT = days(30);

const TRIES = 5;

/**
 * Takes as many as are left, up to what is wanted. A call whose answer is lost may count twice: then
 * fewer are granted, never more.
 * @throws OperationError when the table can't be written
 */
export async function claimDeadlines(
  table: Table,
  runId: string,
  wanted: number,
  most: number,
  now: Instant,
): Promise<number> {
  const key: RowKey = { pk: `run#${runId}`, sk: 'deadlines' };
  let asked = Math.min(wanted, most);
  for (let tried = 0; asked > 0; tried++) {
    const { ExpressionAttributeValues, ...update } = updateOf(key, { expiresAt: expiry(now, KEPT) }, [], {
      taken: asked,
    });
    try {
      await table.update({
        ...update,
        // Less than nothing was never taken: whoever wrote that would let any number through.
        ConditionExpression: 'attribute_not_exists(#taken) OR #taken BETWEEN :nothing AND :left',
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':nothing': 0, ':left': most - asked },
      });
      return asked;
    } catch (error) {
      if (!isKind(error, 'conflict') || tried === TRIES) throw error;
    }
    // Other workers have taken some: what is left may be less than that.
    const taken = Number((await table.row(key))?.['taken']);
    asked = Number.isFinite(taken) && taken >= 0 ? Math.min(wanted, most - taken) : 0;
  }
  return 0;
}
