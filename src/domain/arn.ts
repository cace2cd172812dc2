// No client: it splits a text and calls nothing, so the domain may have it (.dependency-cruiser.json says so, too).
import { parse, validate } from '@aws-sdk/util-arn-parser';

/** The parts of an ARN. Those that a service leaves empty are empty here, like the region of IAM's. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** All that follows the account, colons too. */
  readonly resource: string;
}

/** Undefined for what isn't an ARN, like the name of a secret where its ARN may stand as well. */
export const parseArn = (text: string): Arn | undefined => (validate(text) ? parse(text) : undefined);

/** `aws`, `aws-us-gov`, `aws-cn`; undefined for what isn't an ARN. */
export const partitionIn = (text: string): string | undefined => parseArn(text)?.partition || undefined;
/** Undefined also for services without regions. */
export const regionIn = (text: string): string | undefined => parseArn(text)?.region || undefined;
export const accountIn = (text: string): string | undefined => parseArn(text)?.accountId || undefined;
