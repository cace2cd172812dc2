import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/* What a workload's command asks of AWS, answered in this process: for tables of odd answers. */

/** One call as it came in. */
export interface FakeCall {
  readonly action: string;
  readonly keyId: string;
  readonly region: string;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** How a call is answered; `reset` breaks the connection off. */
export type Answering = (call: FakeCall) => FakeAnswer | 'reset';

export interface FakeAws {
  readonly endpoint: string;
  readonly calls: readonly FakeCall[];
  clear(): void;
  close(): Promise<void>;
}

/** @param certificate for TLS */
export async function startFakeAws(
  answering: () => Answering,
  certificate?: { readonly key: string; readonly cert: string },
): Promise<FakeAws> {
  const calls: FakeCall[] = [];
  const listener: RequestListener = (request, response) => {
    void bodyOf(request).then((body) => {
      const call = { ...signed(request), action: actionOf(request, body), body };
      calls.push(call);
      send(response, answering()(call));
    });
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  const port = await listen(server);
  return {
    endpoint: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    calls,
    clear: () => {
      calls.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function signed({ headers }: IncomingMessage): { keyId: string; region: string } {
  const [, keyId = '', region = ''] =
    /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return { keyId, region };
}

function actionOf({ headers }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target;
  return new URLSearchParams(body).get('Action') ?? 'unknown';
}

function send(response: ServerResponse, answer: FakeAnswer | 'reset'): void {
  if (answer === 'reset') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/x-amz-json-1.1' });
  response.end(answer.body);
}

export const json = (body: object, status = 200): FakeAnswer => ({ status, body: JSON.stringify(body) });

/** An error as services that speak JSON send it. */
export const jsonError = (code: string, message = code, status = 400): FakeAnswer =>
  json({ __type: code, message }, status);

/** An error as STS and IAM send it. */
export const xmlError = (code: string, message = code, status = 403): FakeAnswer => ({
  status,
  type: 'text/xml',
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

export const callerIdentity = (arn: string): FakeAnswer => ({
  status: 200,
  type: 'text/xml',
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AIDA</UserId><Account>${arn.split(':')[4] ?? ''}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
});

export const accessKeys = (keys: readonly (readonly [id: string, created: string])[]): FakeAnswer => ({
  status: 200,
  type: 'text/xml',
  body: `<ListAccessKeysResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListAccessKeysResult><IsTruncated>false</IsTruncated><AccessKeyMetadata>${keys
    .map(
      ([id, created]) =>
        `<member><UserName>ann</UserName><AccessKeyId>${id}</AccessKeyId><Status>Active</Status><CreateDate>${created}</CreateDate></member>`,
    )
    .join('')}</AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>`,
});
