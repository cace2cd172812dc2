/*
 * What AWS lets one account do in a second, by default, with the pages that say so. Where AWS publishes
 * nothing, what is assumed is said.
 */

/** A token bucket: so many at once after a pause, and so many a second from then on. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Children of a distributed map that may be open at once. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const OPEN_CHILDREN = 10_000;

/**
 * StartExecution of standard workflows, in all regions but the three largest (1,300 and 300 there; the same
 * page). That a map starts its children at this rate is assumed: AWS names none.
 */
const CHILD_STARTS: Rate = { burst: 800, perSecond: 150 };

/** Functions at once, all of a region together. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_CONCURRENCY = 1_000;

/** New environments: 1,000 in ten seconds for each function. https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html */
const NEW_ENVIRONMENTS: Rate = { burst: 1_000, perSecond: 100 };

/** All calls of STS by one account in one region. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const STS: Rate = { burst: 600, perSecond: 600 };

/** Publish, in the regions with the least (30,000 in us-east-1). https://docs.aws.amazon.com/general/latest/gr/sns.html */
const SNS: Rate = { burst: 300, perSecond: 300 };

/** Messages to one topic, all functions together: ours, so that SNS disables no e-mail subscription (src/aws/messaging/pace.ts). */
const ONE_TOPIC: Rate = { burst: 1, perSecond: 5 };

/** What is written a second into a table that was just made. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html */
const DYNAMODB: Rate = { burst: 4_000, perSecond: 4_000 };

/**
 * PutSecretValue and UpdateSecretVersionStage together, for each account; counted where the caller is, so only
 * secrets of one central account share it. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 */
const SECRETS: Rate = { burst: 50, perSecond: 50 };

export const RATES = {
  'child starts': CHILD_STARTS,
  'new environments': NEW_ENVIRONMENTS,
  STS,
  SNS,
  'one topic': ONE_TOPIC,
  DynamoDB: DYNAMODB,
  'Secrets Manager': SECRETS,
} as const;

export type Shared = keyof typeof RATES;

/** Pages of ListAccounts a second, one after the other; assumed: AWS publishes no rate. */
export const ACCOUNT_PAGES_A_SECOND = 5;
export const ACCOUNTS_A_PAGE = 20;

/** Reports that the end of the run reads from S3 in a second; assumed, and far below S3's 5,500. */
export const REPORTS_A_SECOND = 200;

/** In us-east-1, as docs/deployment.md has them with their pages. */
export const PRICES = {
  gigabyteSecond: 0.0000133,
  write: 0.63e-6,
  email: 2 / 100_000,
  secretMonth: 0.4,
  /** https://aws.amazon.com/step-functions/pricing/ */
  transition: 0.025 / 1_000,
  /** https://aws.amazon.com/lambda/pricing/ */
  invocation: 0.2e-6,
  /** https://aws.amazon.com/s3/pricing/ */
  put: 0.005 / 1_000,
};
