import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/cli/input/terminal.ts';
import type { World } from './world.ts';

/** A terminal whose output can be looked at. */
export interface FakeTerminal extends Terminal {
  /** Everything on stdout and stderr so far. */
  printed(): string;
  stdoutText(): string;
  stderrText(): string;
}

/** @param answer what the person at it types when asked; absent: nobody is there */
export function fakeTerminal(
  world?: Pick<World, 'environment' | 'aws'>,
  environment: Readonly<Record<string, string>> = {},
  answer?: string,
): FakeTerminal {
  const [stdout, readStdout] = recorded();
  const [stderr, readStderr] = recorded();
  return {
    environment: { ...world?.environment, ...environment },
    ...(answer === undefined ? {} : { stdin: typed(answer) }),
    stdout,
    stderr,
    ...(world === undefined ? {} : { aws: world.aws }),
    printed: () => readStdout() + readStderr(),
    stdoutText: readStdout,
    stderrText: readStderr,
  };
}

/** A keyboard at which this is typed, and then the input ends. */
function typed(answer: string): PassThrough & { readonly isTTY: boolean } {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(answer === '' ? '' : `${answer}\n`);
  return stdin;
}

function recorded(): [PassThrough, () => string] {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return [stream, () => text];
}
