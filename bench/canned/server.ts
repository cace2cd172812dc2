import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dataAnswers } from './data.ts';
import { identityAnswers, type XmlAnswer } from './identity.ts';
import { organizationOf, SERVICE_ACCOUNT, type CannedSeed } from './organization.ts';

/*
 * AWS with canned answers, for organizations that are too large for the emulator: only what a run over young
 * and due keys asks. Anything else is answered with an error that says so. That it answers such a run as the
 * emulator does, bench/canned.test.ts says.
 */

/** What was asked since the start. */
export interface Asked {
  /** By action, those that were throttled included. */
  readonly calls: Readonly<Record<string, number>>;
  readonly throttled: number;
}

export interface CannedAws {
  readonly endpoint: string;
  asked(): Asked;
  close(): Promise<void>;
}

export async function startCannedAws(seed: CannedSeed): Promise<CannedAws> {
  const calls: Record<string, number> = {};
  let throttled = 0;
  const startedAt = Date.now();
  const now = () => seed.now + (Date.now() - startedAt);
  const organization = organizationOf(seed);
  const xml = identityAnswers(organization);
  const json = dataAnswers(organization);
  const takeToken = buckets(seed.rate);

  const answer = (call: Read): Answer => {
    const { action, accountId, keyId, body } = call;
    calls[action] = (calls[action] ?? 0) + 1;
    if (call.service === 'iam' && !takeToken(accountId, Date.now())) {
      throttled += 1;
      return xmlAnswer(action, { error: 'Throttling', status: 400 });
    }
    const ofXml = xml[action];
    if (ofXml !== undefined) {
      return xmlAnswer(action, ofXml({ accountId, keyId, params: new URLSearchParams(body), now: now() }));
    }
    const ofJson = json[action];
    if (ofJson === undefined) return jsonAnswer({ error: `NotCanned ${action}` });
    return jsonAnswer(ofJson(JSON.parse(body) as Record<string, unknown>, accountId));
  };

  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.end(JSON.stringify({ calls, throttled }));
        return;
      }
      const call = read(request, body);
      setTimeout(() => send(response, answer(call)), seed.latency);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => ({ calls: { ...calls }, throttled }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Read {
  readonly service: string;
  readonly action: string;
  readonly accountId: string;
  readonly keyId: string;
  readonly body: string;
}

/** In the region of the endpoint and of the run alike, so the name of the service is what matters. */
const CREDENTIAL = /Credential=(\w+)\/\d+\/[^/]+\/([^/]+)\//;

function read({ headers }: IncomingMessage, body: string): Read {
  const [, keyId = '', service = ''] = CREDENTIAL.exec(headers.authorization ?? '') ?? [];
  const target = headers['x-amz-target'];
  const name = typeof target === 'string' ? target.split('.')[1] : /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  const accountId = /^(?:ASIA|AKIA|AKIZ)(\d{12})/.exec(keyId)?.[1] ?? SERVICE_ACCOUNT;
  return { service, action: `${service}:${name ?? ''}`, accountId, keyId, body };
}

/** Token buckets, one an account, full at first. */
function buckets(rate: CannedSeed['rate']): (accountId: string, now: number) => boolean {
  const tokens = new Map<string, { left: number; at: number }>();
  return (accountId, now) => {
    if (rate === undefined) return true;
    const bucket = tokens.get(accountId) ?? { left: rate.burst, at: now };
    tokens.set(accountId, bucket);
    bucket.left = Math.min(rate.burst, bucket.left + ((now - bucket.at) / 1000) * rate.perSecond);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const NAMESPACES: Readonly<Record<string, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
};

function xmlAnswer(action: string, answer: XmlAnswer): Answer {
  const [service = '', name = ''] = action.split(':');
  if (typeof answer !== 'string') {
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${answer.error}</Code><Message>${answer.error}</Message></Error></ErrorResponse>`;
    return { status: answer.status, type: 'text/xml', body };
  }
  const body = `<${name}Response xmlns="${NAMESPACES[service] ?? ''}"><${name}Result>${answer}</${name}Result></${name}Response>`;
  return { status: 200, type: 'text/xml', body };
}

const jsonAnswer = (answer: object): Answer =>
  'error' in answer
    ? { status: 400, type: 'application/x-amz-json-1.1', body: JSON.stringify({ __type: answer.error }) }
    : { status: 200, type: 'application/x-amz-json-1.1', body: JSON.stringify(answer) };

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': randomUUID() });
  response.end(body);
}
