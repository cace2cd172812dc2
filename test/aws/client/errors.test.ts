import { expect } from 'chai';
import { ask, kindOf, operationErrorOf } from '../../../src/aws/client/errors.ts';
import type { FailureKind } from '../../../src/domain/errors.ts';
import { OperationError } from '../../../src/domain/errors.ts';
import { failureOf } from '../support.ts';

const errorNamed = (name: string, rest: object = {}) => Object.assign(new Error('so it is'), { name }, rest);

type Line = readonly [service: string, name: string, kind: FailureKind];

/** As the services name their errors; the suffix comes and goes between protocols and versions. */
const NAMES: readonly Line[] = [
  ['IAM', 'AccessDenied', 'denied'],
  ['IAM', 'InvalidClientTokenId', 'denied'],
  ['IAM', 'SignatureDoesNotMatch', 'denied'],
  ['IAM', 'Throttling', 'throttled'],
  ['IAM', 'NoSuchEntity', 'not-found'],
  ['IAM', 'EntityTemporarilyUnmodifiable', 'conflict'],
  ['IAM', 'EntityAlreadyExists', 'conflict'],
  ['IAM', 'ConcurrentModification', 'conflict'],
  ['IAM', 'DeleteConflict', 'conflict'],
  ['IAM', 'LimitExceeded', 'limit'],
  ['IAM', 'ServiceFailure', 'transient'],
  ['IAM', 'ServiceUnavailable', 'transient'],
  ['STS', 'ExpiredToken', 'denied'],
  ['STS', 'RegionDisabled', 'denied'],
  ['Organizations', 'AccessDenied', 'denied'],
  ['Organizations', 'TooManyRequests', 'throttled'],
  ['Organizations', 'AWSOrganizationsNotInUse', 'not-found'],
  ['DynamoDB', 'UnrecognizedClient', 'denied'],
  ['DynamoDB', 'InvalidSignature', 'denied'],
  ['DynamoDB', 'Throttling', 'throttled'],
  ['DynamoDB', 'RequestLimitExceeded', 'throttled'],
  ['DynamoDB', 'ProvisionedThroughputExceeded', 'throttled'],
  ['DynamoDB', 'ResourceNotFound', 'not-found'],
  ['DynamoDB', 'ConditionalCheckFailed', 'conflict'],
  ['DynamoDB', 'TransactionCanceled', 'conflict'],
  ['DynamoDB', 'TransactionConflict', 'conflict'],
  ['SNS', 'AuthorizationError', 'denied'],
  ['SNS', 'KMSAccessDenied', 'denied'],
  ['SNS', 'Throttled', 'throttled'],
  ['SNS', 'KMSThrottling', 'throttled'],
  ['SNS', 'NotFound', 'not-found'],
  ['Secrets Manager', 'ResourceNotFound', 'not-found'],
  ['Secrets Manager', 'ResourceExists', 'conflict'],
  ['Secrets Manager', 'LimitExceeded', 'limit'],
];

const WITHOUT_SUFFIX: readonly Line[] = [
  ['DynamoDB', 'InternalServerError', 'transient'],
  ['Secrets Manager', 'InternalServiceError', 'transient'],
  ['every service', 'InternalFailure', 'transient'],
  ['the SDK', 'TimeoutError', 'transient'],
  ['the SDK', 'AbortError', 'transient'],
  ['the SDK', 'CredentialsProviderError', 'denied'],
  ['IAM', 'MalformedPolicyDocument', 'unknown'],
  ['the SDK', 'SyntaxError', 'unknown'],
  ['the SDK', 'Error', 'unknown'],
];

const OTHERS: readonly (readonly [title: string, error: unknown, kind: FailureKind])[] = [
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].map(
    (code) => [`the network's ${code}`, errorNamed('Error', { code }), 'transient'] as const,
  ),
  ["a file's ENOENT", errorNamed('Error', { code: 'ENOENT' }), 'unknown'],
  ...[500, 502, 503, 504].map(
    (httpStatusCode) =>
      [
        `status ${httpStatusCode}`,
        errorNamed('Odd', { $metadata: { httpStatusCode } }),
        'transient',
      ] as const,
  ),
  ['status 429', errorNamed('Odd', { $metadata: { httpStatusCode: 429 } }), 'throttled'],
  ['status 400', errorNamed('Odd', { $metadata: { httpStatusCode: 400 } }), 'unknown'],
  ['status 200', errorNamed('Odd', { $metadata: { httpStatusCode: 200 } }), 'unknown'],
  ['a denial with status 503', errorNamed('AccessDenied', { $metadata: { httpStatusCode: 503 } }), 'denied'],
  ['a thrown text', 'no', 'unknown'],
];

describe('kindOf understands', () => {
  for (const [service, name, kind] of NAMES) {
    for (const written of [name, `${name}Exception`]) {
      it(`${written} of ${service} as ${kind}`, () => {
        expect(kindOf(errorNamed(written))).to.equal(kind);
      });
    }
  }
  for (const [service, name, kind] of WITHOUT_SUFFIX) {
    it(`${name} of ${service} as ${kind}`, () => {
      expect(kindOf(errorNamed(name))).to.equal(kind);
    });
  }
  for (const [title, error, kind] of OTHERS) {
    it(`${title} as ${kind}`, () => {
      expect(kindOf(error)).to.equal(kind);
    });
  }
});

describe('operationErrorOf', () => {
  const examples: Record<Exclude<FailureKind, 'changed-meanwhile' | 'lease-lost'>, string> = {
    denied: 'AccessDenied',
    throttled: 'Throttling',
    'not-found': 'NoSuchEntity',
    conflict: 'DeleteConflict',
    limit: 'LimitExceeded',
    transient: 'ServiceUnavailable',
    unknown: 'Nonsense',
  };
  for (const [kind, name] of Object.entries(examples)) {
    it(`says what to do about what is ${kind}`, () => {
      const { failure } = operationErrorOf(errorNamed(name), 'iam:ListUsers');
      expect(failure).to.include({ kind, during: 'iam:ListUsers', message: `${name}: so it is` });
      expect(failure.nextStep).to.match(/^[A-Z].{20,}\.$/);
    });
  }

  it('names the call that a denied one needs allowed', () => {
    expect(operationErrorOf(errorNamed('AccessDenied'), 'iam:ListUsers').failure.nextStep).to.contain(
      'iam:ListUsers',
    );
  });

  it('prefers the next step its caller knows for the kind', () => {
    const special = { denied: 'Ask Ann.' };
    expect(operationErrorOf(errorNamed('AccessDenied'), 'a:B', special).failure.nextStep).to.equal(
      'Ask Ann.',
    );
    expect(operationErrorOf(errorNamed('Throttling'), 'a:B', special).failure.nextStep).not.to.equal(
      'Ask Ann.',
    );
  });

  for (const message of ['', 'Nonsense']) {
    it(`doesn't repeat the name of an error that says "${message}"`, () => {
      const error = Object.assign(new Error(message), { name: 'Nonsense' });
      expect(operationErrorOf(error, 'a:B').failure.message).to.equal('Nonsense');
    });
  }

  it('leaves a refusal as it is', () => {
    const refusal = new OperationError({
      kind: 'limit',
      during: 'a:B',
      message: 'full',
      nextStep: 'Make room.',
    });
    expect(operationErrorOf(refusal, 'c:D')).to.equal(refusal);
  });
});

describe('ask', () => {
  it('hands on the answer of a call that goes well', async () => {
    expect(await ask('a:B', () => Promise.resolve(7))).to.equal(7);
  });

  it('makes a refusal of whatever goes wrong', async () => {
    const failure = await failureOf(ask('a:B', () => Promise.reject(errorNamed('NoSuchEntityException'))));
    expect(failure).to.include({ kind: 'not-found', during: 'a:B' });
  });
});
