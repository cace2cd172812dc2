import { MINUTE, type Instant } from '../../domain/time.ts';

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export type AwsCredentialIdentityProvider = () => Promise<TemporaryCredentials>;

/** The SDK asks for new credentials this long before the old ones end, too. */
const MARGIN = 5 * MINUTE;

/**
 * One set of credentials for all clients of an account, fetched again only shortly before it ends;
 * clients left to themselves would fetch one each.
 */
export function shared(
  fetch: AwsCredentialIdentityProvider,
  first: TemporaryCredentials,
  now: () => Instant,
): AwsCredentialIdentityProvider {
  let current: Promise<TemporaryCredentials> = Promise.resolve(first);
  let endsAt = first.expiration?.getTime() ?? Infinity;
  return () => {
    if (endsAt - now() < MARGIN) {
      endsAt = Infinity; // concurrent callers wait for the same answer
      current = fetch().then(
        (credentials) => {
          endsAt = credentials.expiration?.getTime() ?? Infinity;
          return credentials;
        },
        (error: unknown) => {
          endsAt = -Infinity; // the next caller tries again
          throw error;
        },
      );
    }
    return current;
  };
}
