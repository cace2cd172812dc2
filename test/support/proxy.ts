import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** A proxy as companies have one: it opens a way to hosts whose names it alone resolves. */
export interface Proxy {
  readonly address: string;
  /** What it was asked to connect to, in order. */
  readonly asked: readonly string[];
  /** How it was asked: the user and password, if any. */
  readonly authorizations: readonly (string | undefined)[];
  close(): void;
}

/** @param port where all names lead to, on this machine */
export async function startProxy(port: number): Promise<Proxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer();
  server.on('connect', (request, client, head) => {
    asked.push(request.url ?? '');
    authorizations.push(request.headers['proxy-authorization']);
    const there = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      there.write(head);
      there.pipe(client).pipe(there);
    });
    for (const socket of [client, there]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    authorizations,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
