import { definedOnly } from '../../domain/defined-only.ts';
import type { FailureKind } from '../../domain/errors.ts';
import { OperationError } from '../../domain/errors.ts';
import { causeOf } from './causes.ts';

/* AWS errors are understood here and nowhere else. */

const BY_NAME: readonly (readonly [FailureKind, readonly string[]])[] = [
  [
    'denied',
    [
      'AccessDenied',
      'AuthorizationError',
      'UnauthorizedOperation',
      'NotAuthorized',
      'ExpiredToken',
      'InvalidClientTokenId',
      'UnrecognizedClient',
      'SignatureDoesNotMatch',
      'InvalidSignature',
      'KMSAccessDenied',
      'RegionDisabled',
      'OptInRequired',
      'CredentialsProviderError',
      'TokenProviderError',
    ],
  ],
  [
    'throttled',
    [
      'Throttling',
      'KMSThrottling',
      'ThrottledException',
      'TooManyRequests',
      'RequestLimitExceeded',
      'ProvisionedThroughputExceeded',
    ],
  ],
  [
    'not-found',
    [
      'NoSuchEntity',
      'NoSuchBucket',
      'ResourceNotFound',
      'NotFound',
      'StateMachineDoesNotExist',
      'AWSOrganizationsNotInUse',
    ],
  ],
  [
    'conflict',
    [
      'ConditionalCheckFailed',
      'TransactionCanceled',
      'TransactionConflict',
      'EntityTemporarilyUnmodifiable',
      'ConcurrentModification',
      'EntityAlreadyExists',
      'ResourceExists',
      'DeleteConflict',
    ],
  ],
  [
    'limit',
    ['LimitExceeded', 'FilterPolicyLimitExceeded', 'SubscriptionLimitExceeded', 'TopicLimitExceeded'],
  ],
  [
    'transient',
    [
      'TimeoutError',
      'AbortError',
      'InternalFailure',
      'InternalServerError',
      'InternalServiceError',
      'ServiceUnavailable',
      'ServiceFailure',
    ],
  ],
];

const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;

interface Described {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  /** Of an `AggregateError`. */
  readonly errors?: readonly Described[];
  readonly $metadata?: { readonly httpStatusCode?: number };
}

export function kindOf(error: unknown): FailureKind {
  if (error instanceof OperationError) return error.failure.kind;
  const { name = '', code = '', $metadata } = error as Described;
  // Each service has its own suffix: ThrottlingException, NoSuchEntityException, AccessDeniedFault.
  const bare = name.replace(/(Exception|Fault|Error)$/, '');
  const known = BY_NAME.find(([, names]) =>
    names.some((one) => one === name || one === bare || one.replace(/Exception$/, '') === bare),
  );
  if (known !== undefined) return known[0];
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429) return 'throttled';
  // A proxy or an endpoint that says no in words of its own.
  if (status === 401 || status === 403) return 'denied';
  return NETWORK.test(code) || status >= 500 ? 'transient' : 'unknown';
}

const nextStepFor = (kind: FailureKind, during: string): string => {
  switch (kind) {
    case 'denied':
      return `Allow ${during} to the role that makes this call, and check that no service control policy or permissions boundary denies it.`;
    case 'throttled':
      return 'Nothing to do: the next run tries again. If it happens often, lower ROTATION_ACCOUNT_CONCURRENCY and ROTATION_USER_CONCURRENCY.';
    case 'not-found':
      return 'Check that what the settings name exists in this account and region.';
    case 'limit':
      return 'A quota is used up; make room or have it raised, then run again.';
    case 'conflict':
    case 'transient':
      return 'Nothing to do: the next run tries again.';
    default:
      return 'Look the message up in the documentation of this call; the next run tries again.';
  }
};

/**
 * An AWS error as an OperationError.
 * @param during the call, as IAM policies write it: `iam:ListUsers`
 * @param special what to say instead of the general next step, by kind
 */
export function operationErrorOf(
  error: unknown,
  during: string,
  special: Partial<Record<FailureKind, string>> = {},
): OperationError {
  if (error instanceof OperationError) return error;
  const kind = kindOf(error);
  const { name = 'Error', message = '', code = '' } = innermost(error as Described);
  const { cause, nextStep } = causeOf({ name, message, code }, during) ?? {};
  return new OperationError({
    kind,
    during,
    message: saidBy(name, message),
    nextStep: nextStep ?? special[kind] ?? nextStepFor(kind, during),
    ...definedOnly({ cause }),
  });
}

/** Node tries all addresses of a host, and says nothing itself about what came of each. */
const innermost = (error: Described): Described =>
  error.message === '' && error.errors?.[0] !== undefined ? error.errors[0] : error;

/** An answer that the SDK can't parse may hold a secret, and parsers quote their input in errors. */
function saidBy(name: string, message: string): string {
  if (name === 'TypeError') return "the answer can't be understood";
  if (name === 'SyntaxError') return `${name}: the answer can't be understood`;
  return message === '' || message === name ? name : `${name}: ${message}`;
}

/** Makes a call; any failure is thrown as an OperationError that names the call. */
export async function ask<Answer>(
  during: string,
  call: () => Promise<Answer>,
  special?: Partial<Record<FailureKind, string>>,
): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw operationErrorOf(error, during, special);
  }
}

/**
 * What an answer can't be one without: a proxy answers 200, too, and what it says is not from AWS.
 * @throws OperationError naming the call, where it isn't there
 */
export function required<Part>(during: string, part: Part, lacks: string): NonNullable<Part> {
  if (part === undefined || part === null || part === '') throw badAnswer(during, lacks);
  return part;
}

/**
 * Makes a call that is answered with nothing but that it was done; AWS gives each answer an id.
 * @throws OperationError where the call fails, or what answered was not AWS
 */
export async function askDone(
  during: string,
  call: () => Promise<{ readonly $metadata?: { readonly requestId?: string | undefined } }>,
  special?: Partial<Record<FailureKind, string>>,
): Promise<void> {
  const { $metadata } = await ask(during, call, special);
  if ($metadata !== undefined) required(during, $metadata.requestId, 'the id that AWS gives every answer');
}

/** For answers that lack what the service's documentation promises. */
export const badAnswer = (during: string, lacks: string): OperationError =>
  new OperationError({
    kind: 'unknown',
    during,
    message: `the answer lacks ${lacks}`,
    nextStep: 'The next run tries again; if it happens again, report it with the log of the run.',
  });
