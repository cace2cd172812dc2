import type { Readers } from '../../domain/rotation/limits.ts';
import type { AccountView } from './account-context.ts';
import { readersOfChanges } from './readers-of-changes.ts';

/**
 * Whether somebody receives every digest that tells of changes in the account. Where nothing is published
 * because nothing is changed (`plan`), what a run would do is shown as for an account with readers.
 */
export async function readersOf({ run, account, settings, lease }: AccountView): Promise<Readers> {
  const { publishing } = run;
  const { mode, noticesBy, topicArn = publishing?.sharedTopicArn } = settings.values;
  if (publishing === undefined) return lease === undefined ? 'somebody' : 'nobody';
  if (noticesBy === 'events') return 'events';
  if (topicArn === undefined) return 'nobody';
  return await readersOfChanges(publishing.readers, topicArn, account, mode);
}
