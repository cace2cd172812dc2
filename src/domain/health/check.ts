import { definedOnly } from '../defined-only.ts';
import type { Account } from '../account.ts';
import type { Failure } from '../errors.ts';
import type { Instant } from '../time.ts';

/* What `doctor` finds: a list of checks. Nothing here asks AWS; that is done before. */

/** What a check is about. All but `operator` and `account` are about the service's own resources. */
export type Area =
  | 'operator' // whoever runs doctor
  | 'settings'
  | 'organization'
  | 'function'
  | 'schedule'
  | 'table'
  | 'topic'
  | 'reports'
  | 'key'
  | 'account';

/** `not-checked`: it may be right or wrong, and this caller can't find out. */
export type CheckStatus = 'ok' | 'wrong' | 'not-checked';

export interface Check {
  readonly area: Area;
  /** Where it is about one account of the organization. */
  readonly accountId?: string;
  readonly name: string;
  readonly status: CheckStatus;
  readonly message: string;
  /** What to do; the command, where there is one, comes last. Whatever is wrong has one. */
  readonly nextStep?: string;
  /** The same for many accounts of which this is true: one command for all of them. */
  readonly forMany?: string;
  /** The permission that would let it be checked, where that is all that is missing. */
  readonly right?: string;
}

export interface HealthReport {
  readonly checkedAt: Instant;
  readonly checks: readonly Check[];
  /** The accounts that were examined, for their names. */
  readonly accounts: readonly Account[];
}

/** Only checks that failed make the service unhealthy; unchecked ones don't. */
export const isHealthy = ({ checks }: Pick<HealthReport, 'checks'>): boolean =>
  !checks.some(({ status }) => status === 'wrong');

/** Function, schedule, stack and the alias of the key have the name of the service. */
export const SERVICE = 'access-key-rotation';

/** The name space of the metrics that every run leaves. */
export const METRICS = 'AccessKeyRotation';

export const ok = (area: Area, name: string, message: string): Check => ({
  area,
  name,
  status: 'ok',
  message,
});

export const wrong = (area: Area, name: string, message: string, nextStep: string): Check => ({
  area,
  name,
  status: 'wrong',
  message,
  nextStep,
});

export const notChecked = (area: Area, name: string, message: string, nextStep?: string): Check => ({
  area,
  name,
  status: 'not-checked',
  message,
  ...definedOnly({ nextStep }),
});

/** Ok or wrong, by a condition. */
export const verdict = (
  area: Area,
  name: string,
  right: boolean,
  message: string,
  otherwise: { readonly message: string; readonly nextStep: string },
): Check => (right ? ok(area, name, message) : wrong(area, name, otherwise.message, otherwise.nextStep));

/** Proves nothing about what was examined: the caller may lack a permission, or AWS may be throttling. */
const SAYS_NOTHING: readonly Failure['kind'][] = ['denied', 'throttled', 'transient', 'conflict'];

/** A question that got no answer: nothing is known, unless what was asked for isn't there. */
export function unanswered(
  area: Area,
  name: string,
  failure: Failure,
  missing?: { readonly message: string; readonly nextStep: string },
): Check {
  const message = `${failure.during}: ${failure.message}`;
  if (failure.kind === 'not-found' && missing !== undefined) {
    return wrong(area, name, missing.message, missing.nextStep);
  }
  // What can be said exactly is said, whoever runs doctor.
  if (failure.cause !== undefined && failure.cause !== 'policy') {
    return notChecked(area, name, message, failure.nextStep);
  }
  if (failure.kind === 'denied') {
    const allow =
      failure.cause === undefined ? `Allow ${failure.during} to whoever runs doctor.` : failure.nextStep;
    return { ...notChecked(area, name, message, allow), right: failure.during };
  }
  return SAYS_NOTHING.includes(failure.kind)
    ? notChecked(area, name, message, 'Run doctor again.')
    : wrong(area, name, message, failure.nextStep);
}

/** One word of a command line, whatever it holds. */
export const quoted = (word: string): string =>
  /^[\w.+/:,@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Deploys what serverless.yml says; it repairs all that somebody deleted or that never was there. */
export const deployAgain = (region: string): string => `npx serverless deploy --region ${region}`;

/** Reads an output of the service's stack. */
export const stackOutput = (region: string, output: string): string =>
  `aws cloudformation describe-stacks --region ${region} --stack-name ${SERVICE}` +
  ` --query "Stacks[0].Outputs[?OutputKey=='${output}'].OutputValue" --output text`;

/** Reads a setting of the service's function. */
export const functionSetting = (region: string, setting: string): string =>
  `aws lambda get-function-configuration --region ${region} --function-name ${SERVICE}` +
  ` --query Environment.Variables.${setting} --output text`;
