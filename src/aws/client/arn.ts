import { parse, validate } from '@aws-sdk/util-arn-parser';

/* The parts of ARNs. What is no ARN, or has nothing in that place, has none of them. */

const partsOf = (arn: string): Partial<ReturnType<typeof parse>> => (validate(arn) ? parse(arn) : {});

/** `aws`, `aws-us-gov`, `aws-cn`. */
export const partitionIn = (arn: string): string | undefined => partsOf(arn).partition || undefined;
export const regionIn = (arn: string): string | undefined => partsOf(arn).region || undefined;
export const accountIn = (arn: string): string | undefined => partsOf(arn).accountId || undefined;
