import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  UpdateAccessKeyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { OperationError } from '../../domain/errors.ts';
import type { CreatedKey, KeyWriter } from '../../run/ports/keys.ts';
import { askDone, kindOf, operationErrorOf } from '../client/errors.ts';

/** @param once a client that sends every request once: creating a key can't be repeated blindly */
export const iamKeyWriter = (iam: IAMClient, once: IAMClient): KeyWriter => ({
  create: (userName) => create(once, userName),
  deactivate: (userName, accessKeyId) => setStatus(iam, userName, accessKeyId, 'Inactive'),
  activate: (userName, accessKeyId) => setStatus(iam, userName, accessKeyId, 'Active'),
  delete: async (userName, accessKeyId) => {
    try {
      const command = new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: accessKeyId });
      await askDone('iam:DeleteAccessKey', () => iam.send(command));
      return 'deleted';
    } catch (error) {
      // Gone already; also after a lost answer, when the SDK asks a second time.
      if (kindOf(error) !== 'not-found') throw operationErrorOf(error, 'iam:DeleteAccessKey');
      return 'not-found';
    }
  },
});

async function setStatus(
  iam: IAMClient,
  userName: string,
  accessKeyId: string,
  status: 'Active' | 'Inactive',
): Promise<void> {
  const input = { UserName: userName, AccessKeyId: accessKeyId, Status: status };
  await askDone('iam:UpdateAccessKey', () => iam.send(new UpdateAccessKeyCommand(input)));
}

async function create(once: IAMClient, userName: string): Promise<CreatedKey> {
  let key;
  try {
    ({ AccessKey: key } = await once.send(new CreateAccessKeyCommand({ UserName: userName })));
  } catch (error) {
    // An answer that can't be read may hold a secret, so nothing of it goes into a message.
    if (error instanceof OperationError || kindOf(error) !== 'unknown')
      throw operationErrorOf(error, 'iam:CreateAccessKey');
    key = undefined;
  }
  const createdAt = key?.CreateDate?.getTime() ?? NaN;
  if (key?.AccessKeyId === undefined || key.SecretAccessKey === undefined || Number.isNaN(createdAt)) {
    throw new OperationError({
      kind: 'unknown',
      during: 'iam:CreateAccessKey',
      message: 'the answer could not be understood',
      nextStep: 'Nothing to do: a key that was created is found and removed, and the next run tries again.',
    });
  }
  return { id: key.AccessKeyId, status: 'active', createdAt, secret: key.SecretAccessKey };
}
