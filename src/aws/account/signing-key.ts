import type { STSClient } from '@aws-sdk/client-sts';
import { ask } from '../client/errors.ts';

/** What the id of an IAM user's key begins with; that of a session begins with ASIA. */
const LONG_TERM = 'AKIA';

const special = {
  unknown: 'Set the credentials of an account of the organization, for instance with AWS_PROFILE.',
};

/** The id of the key that the client signs with, where it is one that an IAM user has for good. */
export async function signingKeyId(client: STSClient): Promise<string | undefined> {
  const { accessKeyId } = await ask('read the credentials', () => client.config.credentials(), special);
  return accessKeyId.startsWith(LONG_TERM) ? accessKeyId : undefined;
}
