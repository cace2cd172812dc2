/** Lambda as a state machine sees it: a server that answers invocations by running the real handlers. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What comes of an invocation. */
export type Answer =
  | { readonly kind: 'returned'; readonly value: unknown }
  /** As Lambda says it of code that threw, of a process that died, and of time that ran out. */
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string }
  /** Lambda did not start it. */
  | { readonly kind: 'refused'; readonly code: string; readonly status: number };

/** @param name as `map-account`, without region and account */
export type Invoke = (name: string, event: unknown) => Promise<Answer>;

export interface Functions {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export async function serveFunctions(invoke: Invoke): Promise<Functions> {
  const server = createServer((request, response) => {
    void answer(request, response, invoke);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, invoke: Invoke): Promise<void> {
  const [, name = ''] = /\/functions\/([^/]+)\/invocations/.exec(decodeURIComponent(request.url ?? '')) ?? [];
  const event: unknown = JSON.parse(await text(request));
  const answered = await invoke(name.split(':').at(-1) ?? '', event);
  switch (answered.kind) {
    case 'returned':
      response.end(JSON.stringify(answered.value));
      return;
    case 'failed': {
      const { errorType, errorMessage } = answered;
      response.setHeader('X-Amz-Function-Error', 'Unhandled');
      response.end(JSON.stringify({ errorType, errorMessage, trace: [] }));
      return;
    }
    default:
      response.writeHead(answered.status, {
        'Content-Type': 'application/json',
        'x-amzn-ErrorType': answered.code,
        'x-amzn-RequestId': 'refused', // the interpreter quotes it
      });
      response.end(JSON.stringify({ Type: 'User', message: 'Rate Exceeded.' }));
  }
}
