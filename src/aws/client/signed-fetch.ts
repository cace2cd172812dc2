import { STSClient } from '@aws-sdk/client-sts';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Duration } from '../../domain/time.ts';
import { countAttempt } from './call-counts.ts';
import { clientConfig, type AwsSettings } from './config.ts';

/*
 * Single calls of services whose clients of the SDK are as large as all the others together: signed and sent by
 * what any client of the SDK is made of, through the same proxy.
 */

export interface SignedRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** Of letters, digits and `/_.-`: what else would be escaped is signed by each service in its own way. */
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
}

type Signing = Pick<AwsSettings, 'region' | 'credentials' | 'counts' | 'connections'>;

/**
 * @param service as signatures name it
 * @param base where it is; its path doesn't count
 * @param timeout of each call
 */
export function signedFetch(
  settings: Signing,
  service: string,
  base: URL,
  timeout: Duration,
): (request: SignedRequest) => Promise<Response> {
  // Never called: of it is only what any client of the SDK has found out about its surroundings.
  const { config } = new STSClient(clientConfig({ ...settings, requestTimeout: timeout }));
  const signer = new SignatureV4({
    service,
    region: settings.region,
    credentials: config.credentials,
    sha256: config.sha256,
    uriEscapePath: false,
  });
  const { protocol, hostname, host, port } = base;
  return async ({ method, path, query = {}, body, contentType }) => {
    const headers: Record<string, string> = { host };
    if (contentType !== undefined) headers['content-type'] = contentType;
    // S3 takes nothing of which it doesn't know the length.
    if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
    const request = new HttpRequest({
      ...{ method, protocol, hostname, path, headers, query, body },
      ...(port === '' ? {} : { port: Number(port) }),
    });
    const signed = await signer.sign(request);
    const { response } = (await config.requestHandler.handle(signed)) as { readonly response: HttpResponse };
    const { statusCode: status } = response;
    const bytes = await config.streamCollector(response.body);
    countAttempt(settings.counts, status === 503 || status === 429);
    return new Response(bytes.length === 0 ? null : new Uint8Array(bytes), {
      status,
      headers: response.headers,
    });
  };
}
