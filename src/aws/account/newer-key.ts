import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import type { HeldKey } from '../../run/ports/own-key.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';

/**
 * The id of an active key of the same user that was made after this one.
 * @returns undefined when the user may not list its own keys, as most may not
 */
export async function newerKey(
  settings: Omit<AwsSettings, 'credentials'>,
  held: HeldKey,
): Promise<{ readonly id: string | undefined } | undefined> {
  const iam = new IAMClient({ ...clientConfig(settings), credentials: { ...held }, maxAttempts: 1 });
  try {
    const { AccessKeyMetadata: keys = [] } = await iam.send(new ListAccessKeysCommand({}));
    const own = keys.find(({ AccessKeyId }) => AccessKeyId === held.accessKeyId)?.CreateDate;
    if (own === undefined) return undefined;
    const newer = keys.find(
      ({ Status, CreateDate }) => Status === 'Active' && CreateDate !== undefined && CreateDate > own,
    );
    return { id: newer?.AccessKeyId };
  } catch {
    return undefined;
  } finally {
    iam.destroy();
  }
}
