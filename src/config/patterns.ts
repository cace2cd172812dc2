/* What names and ids look like. Loads nothing, for commands that have to be fast. */

export const ACCOUNT_ID = /^\d{12}$/;

/** The name of an IAM user, without its path. */
export const USER_NAME = /^[\w+=,.@-]{1,64}$/;

/** A user of every account, or, as `111122223333/alice`, of one: see src/domain/named-users.ts. */
export const NAMED_USER = /^(\d{12}\/)?[\w+=,.@-]{1,64}$/;

export const ACCESS_KEY_ID = /^\w{16,128}$/;

/** Why somebody wants something: for those who read the history in a year. */
export const REASON = /^[^\p{Cc}]{3,256}$/u;

/** Who calls, as `sts:GetCallerIdentity` tells it. */
export const PERSON_ARN =
  /^(?=.{1,2048}$)arn:[\w-]+:(sts::\d{12}:(assumed-role|federated-user)|iam::\d{12}:user)\/[\w+=,.@/-]+$|^arn:[\w-]+:iam::\d{12}:root$/;

/** `eu-central-1`, `us-gov-west-1`. Whether there is such a region only the network can tell. */
export const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;
