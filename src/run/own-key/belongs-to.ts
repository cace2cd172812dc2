import { parseArn } from '../../domain/arn.ts';
import { OperationError } from '../../domain/errors.ts';

/** Whose key is wanted. */
export interface WantedUser {
  readonly userName: string;
  /** Absent: of whatever account the key is. */
  readonly accountId?: string;
}

/** @throws OperationError when a key is not one of the user that was asked for */
export function assertBelongsTo(wanted: WantedUser, accessKeyId: string, arn: string): void {
  const { accountId = '', resource = '' } = parseArn(arn) ?? {};
  const isUser = resource.startsWith('user/');
  const userName = resource.slice(resource.lastIndexOf('/') + 1);
  const message = `the key ${accessKeyId} is of ${arn}`;
  if (!isUser) {
    throw mismatch(
      `${message}, which is no IAM user`,
      `Put the access key of ${wanted.userName} into the profile.`,
    );
  }
  if (userName !== wanted.userName) {
    const isCase = userName.toLowerCase() === wanted.userName.toLowerCase();
    throw mismatch(
      `${message}, and not of the user ${wanted.userName}`,
      isCase
        ? `Write the name as IAM has it: --user ${userName}.`
        : `If ${userName} is meant, write --user ${userName}; else name in --from a profile with a key of ${wanted.userName}.`,
    );
  }
  if (wanted.accountId !== undefined && accountId !== wanted.accountId) {
    throw mismatch(
      `${message}, and not of the account ${wanted.accountId}`,
      `Name in --from a profile with the key of ${wanted.userName} in ${wanted.accountId}, or correct --account.`,
    );
  }
}

/** @throws OperationError when a key is of another user, or another account, than the one before */
export function assertSameUser(before: string, arn: string): void {
  if (before === arn || sameUserMoved(before, arn)) return;
  throw mismatch(
    `the key is now one of ${arn}, and the one before was of ${before}`,
    'If that is meant, delete what is remembered of it, in ~/.aws/access-key-rotation; else put the right key into the profile.',
  );
}

/** A user may be moved to another path. */
function sameUserMoved(before: string, arn: string): boolean {
  const [one, other] = [before, arn].map((text) => {
    const { accountId = '', resource = '' } = parseArn(text) ?? {};
    return `${accountId}/${resource.slice(resource.lastIndexOf('/') + 1)}`;
  });
  return one === other;
}

const mismatch = (message: string, nextStep: string): OperationError =>
  new OperationError({ kind: 'unknown', during: 'sts:GetCallerIdentity', message, nextStep });
