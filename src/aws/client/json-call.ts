import { STSClient } from '@aws-sdk/client-sts';
import { resolveEndpointConfig } from '@smithy/core/endpoints';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { countAttempt } from './call-counts.ts';
import { clientConfig, type AwsSettings } from './config.ts';
import { kindOf } from './errors.ts';

/*
 * Calls of a service by its JSON protocol, without a client for it: that would be as large as a tenth of a function,
 * for one call. Everything but the words of the call is the SDK's: credentials, endpoints, connections, signatures.
 */

/** A service as the SDK names it. */
export interface JsonService {
  /** As in `AWS_ENDPOINT_URL_...` and in profiles: `CloudTrail`. */
  readonly serviceId: string;
  /** The first label of its hosts, and what its signatures name. */
  readonly host: string;
  /** Of its operations: `CloudTrail_20131101`. */
  readonly target: string;
}

/** Makes a call once. Throws what the SDK throws: errors of AWS by their names, with the status of the answer. */
export type JsonCall = (operation: string, input: object) => Promise<unknown>;

/** In the region of these settings. */
export function jsonCalls({ serviceId, host, target }: JsonService, settings: AwsSettings): JsonCall {
  // Never called: of it is only what any client of the SDK has found out about its surroundings.
  const { config } = new STSClient(clientConfig(settings));
  const base = () => endpointOf({ serviceId, host }, settings, config);
  let known: Promise<URL> | undefined;
  const signer = new SignatureV4({
    service: host,
    region: settings.region,
    credentials: config.credentials,
    sha256: config.sha256,
  });

  return async (operation, input) => {
    const { protocol, hostname, port, pathname, host: authority } = await (known ??= base());
    const request = new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      path: pathname,
      headers: {
        host: authority,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${target}.${operation}`,
      },
      body: JSON.stringify(input),
    });
    const signed = await signer.sign(request);
    const { response } = (await config.requestHandler.handle(signed)) as { readonly response: HttpResponse };
    const body = new TextDecoder().decode(await config.streamCollector(response.body));
    const error = response.statusCode < 300 ? undefined : errorOf(response.statusCode, body);
    countAttempt(settings.counts, error !== undefined && kindOf(error) === 'throttled');
    if (error !== undefined) throw error;
    return JSON.parse(body) as unknown;
  };
}

/** What is configured for this service; else where AWS has it: where it has STS, under another name. */
export async function endpointOf(
  { serviceId, host }: Pick<JsonService, 'serviceId' | 'host'>,
  { region, endpoint }: AwsSettings,
  { useFipsEndpoint, useDualstackEndpoint, endpointProvider }: STSClient['config'],
): Promise<URL> {
  const configured = endpoint ?? (await configuredFor(serviceId));
  if (configured !== undefined) return new URL(configured);
  const { url } = endpointProvider({
    Region: region,
    UseFIPS: await useFipsEndpoint(),
    UseDualStack: await useDualstackEndpoint(),
    UseGlobalEndpoint: false,
  });
  return new URL(url.href.replace('//sts', `//${host}`));
}

/** By AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_... or the profile, as for clients of the SDK. */
async function configuredFor(serviceId: string): Promise<string | undefined> {
  const { serviceConfiguredEndpoint } = resolveEndpointConfig({
    serviceId,
    urlParser: () => {
      throw new TypeError('no endpoint is given');
    },
    region: () => Promise.resolve(''),
  } as never) as { readonly serviceConfiguredEndpoint?: () => Promise<string | undefined> };
  return await serviceConfiguredEndpoint?.();
}

/** Its name may stand behind a namespace, and a proxy's answer is no JSON at all. */
function errorOf(status: number, body: string): Error {
  let said: { readonly __type?: unknown; readonly message?: unknown; readonly Message?: unknown } = {};
  try {
    said = (JSON.parse(body) ?? {}) as typeof said;
  } catch {
    // What it says nobody needs: the status tells enough.
  }
  const { __type, message, Message } = said;
  const name = typeof __type === 'string' ? (__type.split('#').at(-1) ?? __type) : `HTTP ${status}`;
  const text = message ?? Message;
  return Object.assign(new Error(typeof text === 'string' ? text : ''), {
    name,
    $metadata: { httpStatusCode: status },
  });
}
