import type { Account } from '../../domain/account.ts';
import { digestsOfChanges } from '../../domain/report/digest-attributes.ts';
import type { Mode } from '../../domain/rotation/limits.ts';
import type { ReaderLookup } from '../ports/messaging.ts';

type Readers = Awaited<ReturnType<ReaderLookup['of']>>;

/**
 * Whether somebody will surely read of the account's changes, asked before anything is decided: each digest
 * that may tell of one must have a reader.
 */
export async function readersOfChanges(
  readers: Pick<ReaderLookup, 'of'>,
  topicArn: string,
  account: Pick<Account, 'id' | 'name'>,
  mode: Mode,
): Promise<Readers> {
  const found = await Promise.all(
    digestsOfChanges(account, mode).map((message) => readers.of(topicArn, message)),
  );
  if (found.includes('nobody')) return 'nobody';
  return found.includes('unknown') ? 'unknown' : 'somebody';
}
