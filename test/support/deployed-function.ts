import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a function answers, or what comes in between. */
export type Invocation = (event: unknown) => Promise<unknown>;

/** What is answered instead of what the function does. */
export interface Instead {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The connection ends without an answer, after the function has done its work. */
  readonly lost?: boolean;
  /** Nothing comes, and nothing ends. */
  readonly silent?: boolean;
}

/** AWS with a function that really does something. */
export interface DeployedFunction {
  readonly endpoint: string;
  /** What it was sent, and what it returned, as on the wire. */
  readonly exchanged: readonly string[];
  readonly events: readonly unknown[];
  answerWith(instead: Instead | undefined): void;
  /** Is done between the invocation and the work. */
  beforeWork(act: (() => Promise<unknown>) | undefined): void;
  close(): void;
}

/**
 * Stands before the emulator, which Lambda can't be invoked in: who may invoke is still the emulator's to say, and
 * all other calls go there as they are.
 */
export async function startFunction(behind: string, work: Invocation): Promise<DeployedFunction> {
  const exchanged: string[] = [];
  const events: unknown[] = [];
  let instead: Instead | undefined;
  let before: (() => Promise<unknown>) | undefined;

  async function invoke(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const admitted = await forward(behind, request, body);
    if (admitted.status !== 200) {
      answer(response, admitted);
      return;
    }
    if (instead?.silent === true) return;
    if (instead?.status !== undefined) {
      const { status, headers = {}, body: said = {} } = instead;
      answer(response, { status, headers, body: Buffer.from(JSON.stringify(said)) });
      return;
    }
    await before?.();
    exchanged.push(body.toString());
    const event = JSON.parse(body.toString()) as unknown;
    events.push(event);
    const { headers, text } = await work(event).then(
      (returned) => ({ headers: {}, text: JSON.stringify(returned) }),
      (error: unknown) => ({ headers: { 'x-amz-function-error': 'Unhandled' }, text: asLambdaSays(error) }),
    );
    exchanged.push(text);
    if (instead?.lost === true) response.destroy();
    else answer(response, { status: 200, headers, body: Buffer.from(text) });
  }

  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const isInvocation = request.url?.endsWith('/invocations') === true;
      if (isInvocation && request.headers['x-amz-invocation-type'] !== 'DryRun') {
        await invoke(request, body, response);
      } else answer(response, await forward(behind, request, body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanged,
    events,
    answerWith: (one) => {
      instead = one;
    },
    beforeWork: (act) => {
      before = act;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const asLambdaSays = (error: unknown): string => {
  const { name, message, stack = '' } = error as Error;
  return JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') });
};

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const forward = (behind: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const there = send(new URL(url ?? '/', behind), { method, headers }, (message) => {
      bodyOf(message).then(
        (said) => resolve({ status: message.statusCode ?? 0, headers: message.headers, body: said }),
        reject,
      );
    });
    there.on('error', reject);
    there.end(body);
  });

function answer(response: ServerResponse, { status, headers, body }: Answer): void {
  const { 'transfer-encoding': _, 'content-length': __, ...others } = headers;
  response.writeHead(status, { ...others, 'content-length': String(body.length) });
  response.end(body);
}
