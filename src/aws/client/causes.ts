import type { FailureCause } from '../../domain/errors.ts';

/*
 * Why a call failed, where AWS, the SDK or the network says more than that it did, and what a person can do
 * about exactly that. AWS names the kind of policy that denied in the message of the error only.
 */

/** What is known of an error. */
export interface Said {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

interface Known {
  readonly cause: FailureCause;
  readonly matches: (error: Said) => boolean;
  readonly nextStep: (during: string, error: Said) => string;
}

const named =
  (...names: readonly string[]) =>
  ({ name }: Said): boolean =>
    names.includes(name.replace(/(Exception|Error)$/, ''));
const coded =
  (...codes: readonly string[]) =>
  ({ code }: Said): boolean =>
    codes.includes(code);
const saying =
  (pattern: RegExp) =>
  ({ message }: Said): boolean =>
    pattern.test(message);
const both =
  (one: Known['matches'], other: Known['matches']): Known['matches'] =>
  (error) =>
    one(error) && other(error);

const SIGN_IN = 'Set the credentials to begin with, for instance with AWS_PROFILE, or sign in again.';
const isAboutCredentials = named('CredentialsProvider', 'TokenProvider', 'Provider');
/** A denial that names the kind of policy: `with an explicit deny in a ...`, `because no ... allows`. */
const deniedBy = (policy: string) =>
  saying(new RegExp(`(explicit deny in|because no) (an? )?${policy}`, 'i'));

/** The first that matches counts. */
const KNOWN: readonly Known[] = [
  {
    cause: 'caller',
    matches: both(isAboutCredentials, saying(/\bMFA\b|multi-?factor/i)),
    nextStep: () =>
      'The profile asks for MFA, which this command cannot ask for: begin a session with it first (aws sts get-session-token, or aws configure export-credentials), and use that.',
  },
  {
    cause: 'caller',
    matches: both(isAboutCredentials, saying(/\bSSO\b|token/i)),
    nextStep: () => 'Sign in again: aws sso login, with the profile of AWS_PROFILE.',
  },
  { cause: 'caller', matches: isAboutCredentials, nextStep: () => SIGN_IN },
  {
    cause: 'caller',
    matches: named('ExpiredToken', 'RequestExpired', 'TokenRefreshRequired'),
    nextStep: () => 'The credentials have expired: sign in again, or renew them, and repeat it.',
  },
  {
    cause: 'caller',
    matches: named('InvalidClientTokenId', 'UnrecognizedClient'),
    nextStep: () =>
      'AWS does not know these credentials: see whether the key is active and of this partition (AWS_PROFILE, AWS_ACCESS_KEY_ID), and whether the region is enabled for the account.',
  },
  {
    cause: 'caller',
    matches: named('SignatureDoesNotMatch', 'InvalidSignature', 'IncompleteSignature'),
    nextStep: () =>
      'The secret does not belong to the access key, or the clock of this machine is wrong: correct that.',
  },
  {
    cause: 'region',
    matches: named('RegionDisabled', 'OptInRequired'),
    nextStep: () =>
      'Enable the region for the account (aws account enable-region; for STS in the account settings of IAM), or choose another one with AWS_REGION.',
  },
  {
    cause: 'key',
    matches: named(
      'KMSDisabled',
      'KMSInvalidState',
      'KMSNotFound',
      'KMSOptInRequired',
      'InaccessibleEncryptionKey',
    ),
    nextStep: () =>
      'The encryption key cannot be used as it is: enable it, or cancel its deletion; aws kms describe-key shows its state.',
  },
  {
    cause: 'policy',
    matches: deniedBy('service control polic'),
    nextStep: (during) =>
      `A service control policy of the organization denies it: whoever administers the organization can let this role call ${during}.`,
  },
  {
    cause: 'policy',
    matches: deniedBy('resource control polic'),
    nextStep: (during) =>
      `A resource control policy of the organization denies it: whoever administers the organization can let this role call ${during}.`,
  },
  {
    cause: 'policy',
    matches: deniedBy('VPC endpoint polic'),
    nextStep: (during) => `The policy of the VPC endpoint denies it: allow ${during} there.`,
  },
  {
    cause: 'policy',
    matches: deniedBy('permissions boundar'),
    nextStep: (during) => `The permissions boundary of the role denies it: allow ${during} there, too.`,
  },
  {
    cause: 'policy',
    matches: deniedBy('session polic'),
    nextStep: (during) =>
      `The session was begun with a policy of its own, which does not allow ${during}: use a session without it.`,
  },
  {
    cause: 'caller',
    matches: saying(/\bMFA\b|MultiFactorAuth|multi-?factor/i),
    nextStep: () =>
      'It is allowed with MFA only: begin a session with it (aws sts get-session-token), and repeat it.',
  },
  {
    cause: 'key',
    matches: (error) => named('KMSAccessDenied')(error) || saying(/\bkms:[A-Z]\w+/)(error),
    nextStep: (_, { message }) => {
      const action = /\bkms:[A-Z]\w+/.exec(message)?.[0] ?? 'kms:Decrypt and kms:GenerateDataKey';
      return `Allow ${action} with the encryption key to the role that makes this call, in its own policy and in that of the key.`;
    },
  },
  {
    cause: 'network',
    matches: coded('ECONNREFUSED'),
    nextStep: () =>
      'Nobody takes the connection there: check AWS_ENDPOINT_URL and its variants, the proxy (HTTPS_PROXY, NO_PROXY), and whether what they name is running.',
  },
  {
    cause: 'network',
    matches: coded('ENOTFOUND', 'EAI_AGAIN'),
    nextStep: () =>
      'There is no such host, or no answer of the name server: check the region (AWS_REGION), AWS_ENDPOINT_URL, the proxy (HTTPS_PROXY), and the network of this machine.',
  },
  {
    cause: 'network',
    matches: coded('EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'),
    nextStep: () =>
      'Check the network of this machine, its firewall, and the proxy (HTTPS_PROXY); then repeat it.',
  },
  {
    cause: 'network',
    matches: ({ code }) => /CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code),
    nextStep: () =>
      'Something between here and AWS shows a certificate of its own: if it is your proxy, name the file with its CA in AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS.',
  },
];

/** Undefined where nothing more is known than the class of the error. */
export function causeOf(
  error: Said,
  during: string,
): { readonly cause: FailureCause; readonly nextStep: string } | undefined {
  const known = KNOWN.find(({ matches }) => matches(error));
  return known === undefined ? undefined : { cause: known.cause, nextStep: known.nextStep(during, error) };
}
