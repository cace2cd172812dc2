import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { World } from './world.ts';

/** A terminal whose output can be looked at. */
export interface FakeTerminal extends Terminal {
  /** Everything on stdout and stderr so far. */
  printed(): string;
  stdoutText(): string;
  stderrText(): string;
}

export function fakeTerminal(
  world?: Pick<World, 'environment' | 'surroundings'>,
  environment: Readonly<Record<string, string>> = {},
): FakeTerminal {
  const [stdout, readStdout] = recorded();
  const [stderr, readStderr] = recorded();
  return {
    environment: { ...world?.environment, ...environment },
    stdout,
    stderr,
    ...(world === undefined ? {} : { surroundings: world.surroundings }),
    printed: () => readStdout() + readStderr(),
    stdoutText: readStdout,
    stderrText: readStderr,
  };
}

function recorded(): [PassThrough, () => string] {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return [stream, () => text];
}
