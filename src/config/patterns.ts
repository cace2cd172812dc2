/* What names and ids look like. Loads nothing, for commands that have to be fast. */

export const ACCOUNT_ID = /^\d{12}$/;

/** The name of an IAM user, without its path. */
export const USER_NAME = /^[\w+=,.@-]{1,64}$/;

/** `eu-central-1`, `us-gov-west-1`. Whether there is such a region only the network can tell. */
export const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;
