import { expect } from 'chai';
import { operationErrorOf } from '../../../src/aws/client/errors.ts';
import type { FailureCause } from '../../../src/domain/errors.ts';

const USER =
  'User: arn:aws:sts::111122223333:assumed-role/admin/ann is not authorized to perform: iam:ListUsers';
const refused = (message: string) => Object.assign(new Error(message), { name: 'AccessDeniedException' });
const named = (name: string, message = 'so it is') => Object.assign(new Error(message), { name });
const coded = (code: string) => Object.assign(new Error(`connect ${code} 127.0.0.1:9`), { code });

/** As AWS, the SDK and Node word them. */
const ERRORS: readonly (readonly [
  title: string,
  error: unknown,
  cause: FailureCause | undefined,
  says: RegExp,
])[] = [
  ['an expired session', named('ExpiredTokenException'), 'caller', /expired: sign in again/],
  ['an expired session of IAM', named('ExpiredToken'), 'caller', /expired: sign in again/],
  [
    'a key that AWS does not know',
    named('InvalidClientTokenId'),
    'caller',
    /does not know these credentials/,
  ],
  ['a secret of another key', named('SignatureDoesNotMatch'), 'caller', /clock of this machine/],
  [
    'no credentials',
    named('CredentialsProviderError', 'Could not load credentials'),
    'caller',
    /AWS_PROFILE/,
  ],
  [
    'a profile with MFA',
    named(
      'CredentialsProviderError',
      'Profile ops requires multi-factor authentication, but no MFA code callback was provided.',
    ),
    'caller',
    /begin a session with it first/,
  ],
  [
    'an SSO session that ended',
    named('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
    'caller',
    /aws sso login/,
  ],
  ['an SSO token that ended', named('TokenProviderError', 'Token is expired.'), 'caller', /aws sso login/],
  ['a denial without MFA', refused(`${USER} (MultiFactorAuthPresent is false)`), 'caller', /with MFA only/],
  ['a region that is off', named('RegionDisabledException'), 'region', /enable-region/],
  ['a region one opts into', named('OptInRequired'), 'region', /enable-region/],
  [
    'a service control policy',
    refused(`${USER} on resource: * with an explicit deny in a service control policy`),
    'policy',
    /^A service control policy .*iam:ListUsers/,
  ],
  [
    'a service control policy that allows too little',
    refused(`${USER} because no service control policy allows the iam:ListUsers action`),
    'policy',
    /^A service control policy/,
  ],
  ['a VPC endpoint', refused(`${USER} because no VPC endpoint policy allows it`), 'policy', /VPC endpoint/],
  [
    'a permissions boundary',
    refused(`${USER} because no permissions boundary allows the iam:ListUsers action`),
    'policy',
    /permissions boundary of the role/,
  ],
  [
    'a session policy',
    refused(`${USER} because no session policy allows the iam:ListUsers action`),
    'policy',
    /without it/,
  ],
  [
    'a key that may not be used',
    refused('User: ann is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:x'),
    'key',
    /^Allow kms:Decrypt with the encryption key/,
  ],
  ['a key that is off', named('KMSDisabledException'), 'key', /enable it, or cancel its deletion/],
  ['a key to be deleted', named('KMSInvalidStateException'), 'key', /enable it, or cancel its deletion/],
  ['a refused connection', coded('ECONNREFUSED'), 'network', /AWS_ENDPOINT_URL/],
  ['a host without a name', coded('ENOTFOUND'), 'network', /the region \(AWS_REGION\)/],
  ['a proxy with its own certificate', coded('SELF_SIGNED_CERT_IN_CHAIN'), 'network', /NODE_EXTRA_CA_CERTS/],
  [
    'a role without the right',
    refused(`${USER} because no identity-based policy allows it`),
    undefined,
    /^Ask Ann/,
  ],
  ['a connection that was lost', coded('ECONNRESET'), undefined, /next run tries again/],
];

describe('the next step after', () => {
  for (const [title, error, cause, says] of ERRORS) {
    it(`${title} is about exactly that`, () => {
      const { failure } = operationErrorOf(error, 'iam:ListUsers', { denied: 'Ask Ann to allow it.' });
      expect(failure.cause).to.equal(cause);
      expect(failure.nextStep).to.match(says);
      expect(failure.nextStep)
        .to.match(/^[A-Z].+\.$/)
        .and.not.to.contain('...');
    });
  }

  it('a connection that all addresses refuse names one of them', () => {
    const all = new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]);
    const { failure } = operationErrorOf(Object.assign(all, { code: 'ECONNREFUSED' }), 'iam:ListUsers');
    expect(failure.message).to.equal('Error: connect ECONNREFUSED 127.0.0.1:9');
    expect(failure.kind).to.equal('transient');
  });
});
