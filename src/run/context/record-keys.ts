import { isKind } from '../../domain/errors.ts';
import { MOST_RECORDS, type KeyRecord } from '../ports/ledger.ts';

export interface NotRecorded<Written extends KeyRecord> {
  readonly record: Written;
  readonly error: unknown;
}

/**
 * Records what there is to record in as few calls as can be. Where one of them fails each of its records is
 * written alone, so that a bad one takes none of the others along.
 * @param write all of it or nothing
 * @returns what could not be recorded
 */
export async function recordAll<Written extends KeyRecord>(
  records: readonly Written[],
  write: (some: readonly Written[]) => Promise<void>,
): Promise<readonly NotRecorded<Written>[]> {
  const failed: NotRecorded<Written>[] = [];
  for (const some of batchesOf(records)) {
    try {
      await write(some);
    } catch (error) {
      if (some.length === 1 || isKind(error, ...AS_FOR_ALL)) {
        failed.push(...some.map((record) => ({ record, error })));
      } else {
        for (const record of some) failed.push(...(await recordAll([record], write)));
      }
    }
  }
  return failed;
}

/** What is wrong isn't any one of the records. */
const AS_FOR_ALL = ['denied', 'not-found', 'lease-lost'] as const;

/** In order. No batch has two records of one key, which no transaction takes. */
function batchesOf<Written extends KeyRecord>(records: readonly Written[]): readonly (readonly Written[])[] {
  const batches: Map<string, Written>[] = [];
  for (const record of records) {
    const last = batches.at(-1);
    if (last === undefined || last.size === MOST_RECORDS || last.has(record.accessKeyId)) {
      batches.push(new Map([[record.accessKeyId, record]]));
    } else {
      last.set(record.accessKeyId, record);
    }
  }
  return batches.map((batch) => [...batch.values()]);
}
