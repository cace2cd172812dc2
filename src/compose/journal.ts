import { snsNotifier } from '../aws/messaging/notifier.ts';
import { InputError } from '../domain/errors.ts';
import type { Notifier } from '../run/ports/messaging.ts';
import { findRegion } from './region.ts';

export { rowChangesIn } from '../aws/table/row-changes.ts';

/**
 * Where operators are told what concerns the service itself.
 * @throws InputError when the environment doesn't say
 */
export async function operators(): Promise<Notifier> {
  const topicArn = process.env['OPERATORS_TOPIC_ARN'];
  if (!topicArn) throw new InputError(['OPERATORS_TOPIC_ARN: must be set, to the topic of the operators']);
  return snsNotifier({ region: await findRegion() }, topicArn);
}
