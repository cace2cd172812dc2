import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { buildQueryString } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { SECOND, type Duration } from '../../domain/time.ts';
import { countAttempt } from '../client/call-counts.ts';
import type { AwsSettings } from '../client/config.ts';
import type { FailureKind } from '../../domain/errors.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { ask } from '../client/errors.ts';
import { readList } from '../client/pages.ts';
import { tryAgain } from '../client/tries.ts';
import { listedIn, tagIn } from './bucket-xml.ts';

/*
 * Three calls of S3, signed by the SDK and sent by Node: the SDK's own client for S3 is as large as all the
 * others of the function together, and every start of a process would pay for it.
 */

/** The objects of one bucket. Names are of letters, digits and `/_.-`. */
export interface Bucket {
  /** @returns undefined where there is none */
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, body: Uint8Array, contentType: string): Promise<void>;
  /** All names that begin so, in their order: by their characters. */
  list(prefix: string): Promise<readonly string[]>;
}

export interface BucketOptions {
  /** How often a call is made at most, and how long each of them may take. */
  readonly tries?: number;
  readonly timeout?: Duration;
  /** What to do about an error instead of the usual advice, by kind. */
  readonly advice?: Partial<Record<FailureKind, string>>;
}

/**
 * @param url of the bucket, in its own region: `https://name.s3.eu-central-1.amazonaws.com`
 * @param sleep between tries
 */
export function s3Bucket(
  {
    region,
    credentials,
    counts,
    endpoint,
  }: Pick<AwsSettings, 'region' | 'credentials' | 'counts' | 'endpoint'>,
  url: string,
  sleep: (duration: number) => Promise<void>,
  { tries = 5, timeout = 30 * SECOND, advice = {} }: BucketOptions = {},
): Bucket {
  const base = atEndpoint(new URL(url), endpoint);
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: credentials ?? defaultProvider(),
    sha256: Hash.bind(null, 'sha256'),
    uriEscapePath: false,
  });

  const send = async ({ method, name, query = {}, body, contentType }: Request) => {
    const folder = base.pathname.replace(/\/$/, '');
    const path = name === '' && folder !== '' ? folder : `${folder}/${name}`;
    const headers: Record<string, string> = { host: base.host };
    if (contentType !== undefined) headers['content-type'] = contentType;
    const { protocol, hostname, port } = base;
    const request = { method, protocol, hostname, path, headers, query, body: body ?? '' };
    const signed = await signer.sign(port === '' ? request : { ...request, port: Number(port) });
    const { host: _, ...rest } = signed.headers;
    const url = new URL(path, base);
    url.search = buildQueryString(query);
    const answer = await sent(url, {
      method,
      headers: rest,
      signal: AbortSignal.timeout(timeout),
      ...(body === undefined ? {} : { body }),
    });
    countAttempt(counts, answer.status === 503 || answer.status === 429);
    return answer;
  };

  const call = <Answer>(action: string, name: string, once: () => Promise<Answer>): Promise<Answer> =>
    tryAgain(name, () => ask(action, once, { ...SPECIAL, ...advice }), { tries, sleep });

  return {
    get: (name) =>
      call('s3:GetObject', name, async () => {
        const answer = await send({ method: 'GET', name });
        if (answer.status === 404 && (await codeOf(answer.clone())) === 'NoSuchKey') return undefined;
        await refuseUnlessOk(answer);
        return new Uint8Array(await answer.arrayBuffer());
      }),
    put: (name, body, contentType) =>
      call('s3:PutObject', name, async () => {
        const answer = await send({ method: 'PUT', name, body, contentType });
        await refuseUnlessOk(answer);
        // A proxy answers 200, too; S3 says what it has stored.
        if (answer.headers.get('etag') === null) throw new TypeError('the answer lacks an ETag');
      }),
    list: (prefix) =>
      readList({
        action: 's3:ListBucket',
        fetch: (token) =>
          call('s3:ListBucket', prefix, async () => {
            const page = { 'list-type': '2', prefix, ...definedOnly({ 'continuation-token': token }) };
            const answer = await send({ method: 'GET', name: '', query: page });
            await refuseUnlessOk(answer);
            return listedIn(await answer.text());
          }),
        things: ({ names }) => names,
        next: ({ token }) => token,
      }),
  };
}

/** Where another endpoint than AWS's is asked, it has the bucket by its path. */
function atEndpoint(url: URL, endpoint: string | undefined): URL {
  const [name, service] = url.hostname.split('.');
  return endpoint === undefined || service !== 's3' ? url : new URL(`${endpoint}/${name ?? ''}`);
}

interface Request {
  readonly method: 'GET' | 'PUT';
  /** Empty: the bucket itself. */
  readonly name: string;
  readonly query?: Record<string, string>;
  readonly body?: Uint8Array;
  readonly contentType?: string;
}

const SPECIAL = {
  'not-found': 'Check REPORTS_URL: there is no such bucket.',
  denied: 'Allow this call on the bucket of REPORTS_URL to the role of the function, and its key.',
};

/** What Node says of the network is in the cause of what it throws. */
async function sent(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
  }
}

async function refuseUnlessOk(answer: Response): Promise<void> {
  if (answer.ok) return;
  const text = await answer.text();
  const code = tagIn(text, 'Code') ?? `HTTP ${answer.status}`;
  throw Object.assign(new Error(tagIn(text, 'Message') ?? ''), {
    name: code === 'SlowDown' ? 'ThrottlingException' : code,
    $metadata: { httpStatusCode: answer.status },
  });
}

const codeOf = async (answer: Response): Promise<string | undefined> => tagIn(await answer.text(), 'Code');
