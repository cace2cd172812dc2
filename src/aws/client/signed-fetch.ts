import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { buildQueryString } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Duration } from '../../domain/time.ts';
import { countAttempt } from './call-counts.ts';
import type { AwsSettings } from './config.ts';

/*
 * Single calls of services whose clients of the SDK are as large as all the others together: signed by the SDK,
 * and sent by Node.
 */

export interface SignedRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** Of letters, digits and `/_.-`: what else would be escaped is signed by each service in its own way. */
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
}

type Signing = Pick<AwsSettings, 'region' | 'credentials' | 'counts'>;

/**
 * @param service as signatures name it
 * @param base where it is; its path doesn't count
 * @param timeout of each call
 */
export function signedFetch(
  { region, credentials, counts }: Signing,
  service: string,
  base: URL,
  timeout: Duration,
): (request: SignedRequest) => Promise<Response> {
  const signer = new SignatureV4({
    service,
    region,
    credentials: credentials ?? defaultProvider(),
    sha256: Hash.bind(null, 'sha256'),
    uriEscapePath: false,
  });
  const { protocol, hostname, host } = base;
  return async ({ method, path, query = {}, body, contentType }) => {
    const headers: Record<string, string> = { host };
    if (contentType !== undefined) headers['content-type'] = contentType;
    const request = { method, protocol, hostname, path, headers, query, body: body ?? '' };
    const { host: _, ...signed } = (await signer.sign(request)).headers;
    const url = new URL(path, base);
    url.search = buildQueryString(query);
    const signal = AbortSignal.timeout(timeout);
    const sent = { method, headers: signed, signal, body: body ?? null };
    const answer = await fetch(url, sent).catch((error: unknown) => {
      // What Node says of the network is in the cause of what it throws.
      throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
    });
    countAttempt(counts, answer.status === 503 || answer.status === 429);
    return answer;
  };
}
