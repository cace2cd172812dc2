/** Thrown by adapters when AWS, or what was found there, says no. Carries what the report needs. */
export class OperationError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.during}: ${failure.message}`, options);
    this.name = 'OperationError';
    this.failure = failure;
  }
}

/** Input that can't be used: settings, event, arguments. All problems at once, one a line, as far as they fit. */
export class InputError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    const listed = listable(problems);
    super(listed.join('\n'));
    this.name = 'InputError';
    this.problems = listed;
  }
}

/** Of so many nobody reads more; a log takes no line over 256 KB, and a terminal forgets the first ones. */
const MOST_PROBLEMS = 50;
const MOST_CHARACTERS = 20_000;
/** A problem may name every setting there is, which takes some 1,500. */
const LONGEST_PROBLEM = 2_000;

/** However much is wrong, what is said of it has an end: the first problems, and how many there are besides. */
export function listable(problems: readonly string[]): readonly string[] {
  const listed: string[] = [];
  let characters = 0;
  for (const problem of problems) {
    const text = shorten(problem, LONGEST_PROBLEM);
    characters += text.length;
    if (listed.length === MOST_PROBLEMS || (characters > MOST_CHARACTERS && listed.length > 0)) break;
    listed.push(text);
  }
  const more = problems.length - listed.length;
  return more === 0 ? listed : [...listed, `and ${more} more ${more === 1 ? 'problem' : 'problems'}`];
}

/** A text of at most so many characters, its end left out where it is longer. */
export const shorten = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 3)}...`;

/** What to report for anything that was thrown; any other error is a bug and is reported as one. */
export function failureOf(error: unknown, during: string): Failure {
  if (error instanceof OperationError) return error.failure;
  return {
    kind: 'unknown',
    during,
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    nextStep: 'This looks like a defect of access-key-rotation: please report it with the log of this run.',
  };
}

/** The same as part of a sentence of one's own: what was called is in the message. */
export function describeFailure(error: unknown, during: string): Pick<Failure, 'message' | 'nextStep'> {
  const failure = failureOf(error, during);
  return { message: `${failure.during}: ${failure.message}`, nextStep: failure.nextStep };
}

export const isKind = (error: unknown, ...kinds: readonly FailureKind[]): boolean =>
  error instanceof OperationError && kinds.includes(error.failure.kind);

/** How an AWS error is to be understood. Classified once, where AWS is called. */
export type FailureKind =
  | 'denied'
  | 'throttled'
  | 'not-found'
  | 'conflict'
  | 'limit'
  | 'transient'
  | 'unknown'
  /** Not an AWS error: what was found differs from what was decided on. */
  | 'changed-meanwhile'
  /** Not an AWS error: another run holds the account by now. */
  | 'lease-lost';

/** Why something could not be done. Never carries a secret. */
export interface Failure {
  readonly kind: FailureKind;
  /** The call that failed, as IAM policies write it: `iam:CreateAccessKey`; or a step of ours. */
  readonly during: string;
  readonly message: string;
  /** What a person can do about it. */
  readonly nextStep: string;
  /** Where more is known than the kind; the next step is about exactly that. */
  readonly cause?: FailureCause;
}

/** Whose credentials, policy, encryption key, network or region is to be set right. */
export type FailureCause = 'caller' | 'policy' | 'key' | 'network' | 'region';
