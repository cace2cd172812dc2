import type { Readers } from '../../domain/rotation/limits.ts';
import { digestAttributes } from '../../domain/report/digest-attributes.ts';
import type { AccountView } from './account-context.ts';

/**
 * Whether anybody receives what is published about the account. Where nothing is changed and nothing
 * published (`plan`), what a run would do is shown as for an account with readers.
 */
export async function readersOf({ run, account, settings, lease }: AccountView): Promise<Readers> {
  const { publishing } = run;
  const { noticesBy, topicArn = publishing?.sharedTopicArn } = settings.values;
  if (publishing === undefined) return lease === undefined ? 'somebody' : 'nobody';
  if (noticesBy === 'events') return 'events';
  if (topicArn === undefined) return 'nobody';
  return await publishing.readers.of(topicArn, digestAttributes(account));
}
