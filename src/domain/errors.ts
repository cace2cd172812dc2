import type { Failure, FailureKind } from './report/outcome.ts';

/** Thrown by adapters when AWS, or what was found there, says no. Carries what the report needs. */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.during}: ${failure.message}`, options);
    this.name = 'Refusal';
    this.failure = failure;
  }
}

/** Input that can't be used: settings, event, arguments. All problems at once, one a line. */
export class InputError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'InputError';
    this.problems = problems;
  }
}

/** What to report for anything that was thrown; errors that are not refusals are bugs and say so. */
export function failureOf(error: unknown, during: string): Failure {
  if (error instanceof Refusal) return error.failure;
  return {
    kind: 'unknown',
    during,
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    nextStep: 'This looks like a defect of access-key-rotation: please report it with the log of this run.',
  };
}

/** The same as part of a sentence of one's own: what was called is in the message. */
export function failureInWords(error: unknown, during: string): Pick<Failure, 'message' | 'nextStep'> {
  const failure = failureOf(error, during);
  return { message: `${failure.during}: ${failure.message}`, nextStep: failure.nextStep };
}

export const isKind = (error: unknown, ...kinds: readonly FailureKind[]): boolean =>
  error instanceof Refusal && kinds.includes(error.failure.kind);
