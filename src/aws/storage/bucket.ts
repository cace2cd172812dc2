import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { jitter } from '../../domain/jitter.ts';
import { SECOND } from '../../domain/time.ts';
import type { CallCounts } from '../client/call-counts.ts';
import type { AwsSettings } from '../client/config.ts';
import { isKind } from '../../domain/errors.ts';
import { ask } from '../client/errors.ts';

/*
 * Two calls of S3, signed by the SDK and sent by Node: the SDK's own client for S3 is as large as all the
 * others of the function together, and every start of a process would pay for it.
 */

/** The objects of one bucket. Names are of letters, digits and `/_.-`. */
export interface Bucket {
  /** @returns undefined where there is none */
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, body: Uint8Array, contentType: string): Promise<void>;
}

const TRIES = 5;
const FIRST_WAIT = SECOND / 4;
const TIMEOUT = 30 * SECOND;

/**
 * @param url of the bucket, in its own region: `https://name.s3.eu-central-1.amazonaws.com`
 * @param sleep between tries
 */
export function s3Bucket(
  { region, credentials, counts }: Pick<AwsSettings, 'region' | 'credentials' | 'counts'>,
  url: string,
  sleep: (duration: number) => Promise<void>,
): Bucket {
  const base = new URL(url);
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: credentials ?? defaultProvider(),
    sha256: Hash.bind(null, 'sha256'),
    uriEscapePath: false,
  });

  const send = async (method: 'GET' | 'PUT', name: string, body?: Uint8Array, contentType?: string) => {
    const path = `${base.pathname.replace(/\/$/, '')}/${name}`;
    const headers: Record<string, string> = { host: base.host };
    if (contentType !== undefined) headers['content-type'] = contentType;
    const { protocol, hostname, port } = base;
    const request = { method, protocol, hostname, path, headers, query: {}, body: body ?? '' };
    const signed = await signer.sign(port === '' ? request : { ...request, port: Number(port) });
    const { host: _, ...rest } = signed.headers;
    const answer = await sent(new URL(path, base), {
      method,
      headers: rest,
      signal: AbortSignal.timeout(TIMEOUT),
      ...(body === undefined ? {} : { body }),
    });
    counted(counts, answer.status);
    return answer;
  };

  const call = async <Answer>(action: string, name: string, once: () => Promise<Answer>): Promise<Answer> => {
    for (let tried = 1; ; tried++) {
      try {
        return await ask(action, once, SPECIAL);
      } catch (error) {
        if (!isKind(error, 'throttled', 'transient') || tried === TRIES) throw error;
        await sleep(jitter(FIRST_WAIT * 2 ** (tried - 1), `${name} ${tried}`));
      }
    }
  };

  return {
    get: (name) =>
      call('s3:GetObject', name, async () => {
        const answer = await send('GET', name);
        if (answer.status === 404 && (await codeOf(answer.clone())) === 'NoSuchKey') return undefined;
        await refuseUnlessOk(answer);
        return new Uint8Array(await answer.arrayBuffer());
      }),
    put: (name, body, contentType) =>
      call('s3:PutObject', name, async () => {
        const answer = await send('PUT', name, body, contentType);
        await refuseUnlessOk(answer);
        // A proxy answers 200, too; S3 says what it has stored.
        if (answer.headers.get('etag') === null) throw new TypeError('the answer lacks an ETag');
      }),
  };
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

function counted(counts: CallCounts | undefined, status: number): void {
  if (counts === undefined) return;
  counts.calls += 1;
  if (status === 503 || status === 429) counts.throttles += 1;
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

/** Errors of S3 are XML, flat, and of these two elements only the text matters. */
const tagIn = (xml: string, tag: string): string | undefined =>
  new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1];
