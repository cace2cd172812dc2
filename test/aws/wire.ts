import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request of the query protocol: IAM's, STS's, SNS's. */
export type Form = Readonly<Record<string, string>>;

/** An AWS that answers as a test wants it to, for what the emulator would never say. */
export interface OddAws {
  readonly endpoint: string;
  readonly requests: readonly Form[];
  stop(): Promise<void>;
}

/** @param answer the inside of the result of `Action`, in XML */
export async function startOddAws(answer: (request: Form) => string): Promise<OddAws> {
  const requests: Form[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      requests.push(form);
      const action = form['Action'] ?? '';
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<${action}Response><${action}Result>${answer(form)}</${action}Result>` +
          `<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`,
      );
    });
  });
  return { ...(await listening(server)), requests };
}

async function listening(server: Server): Promise<Pick<OddAws, 'endpoint' | 'stop'>> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export const identityAnswer = (arn: string): string => {
  const account = arn.split(':')[4] ?? '';
  return `<Arn>${arn}</Arn><UserId>AROAEXAMPLE:x</UserId><Account>${account}</Account>`;
};

/** What AssumeRole answers. */
export const sessionAnswer = (
  assumedRoleArn: string,
  { expiration = '2026-01-05T06:15:00Z', credentials = true } = {},
): string =>
  `<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:x</AssumedRoleId><Arn>${assumedRoleArn}</Arn></AssumedRoleUser>` +
  (credentials
    ? `<Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>` +
      `<SessionToken>token</SessionToken><Expiration>${expiration}</Expiration></Credentials>`
    : '');

/** A request of the JSON protocol. */
interface JsonRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** An AWS that answers in JSON, or however a test wants. */
export interface JsonAws extends Pick<OddAws, 'endpoint' | 'stop'> {
  readonly requests: readonly JsonRequest[];
}

export async function startJsonAws(
  answer: (request: JsonRequest) => { readonly status: number; readonly body: string },
): Promise<JsonAws> {
  const requests: JsonRequest[] = [];
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (part: string) => (body += part));
    incoming.on('end', () => {
      const request = { headers: incoming.headers, body };
      requests.push(request);
      const said = answer(request);
      response.statusCode = said.status;
      response.end(said.body);
    });
  });
  return { ...(await listening(server)), requests };
}
