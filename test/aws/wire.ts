import { createServer } from 'node:http';
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
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
