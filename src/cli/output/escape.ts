import { columnsOf } from '../input/columns.ts';
import type { Terminal } from '../input/terminal.ts';

/** Our own colours, and what a spinner does to the cursor; then whatever else a terminal obeys or hides. */
const UNSEEN =
  /\u001b\[(?:\d{1,2}(?:;\d{1,2})*m|\?(?:25|2026)[hl])|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu;

const COLOURS = /\u001b\[\d{1,2}(?:;\d{1,2})*m/g;

/**
 * Escapes control and invisible characters as `\u001b`, so that foreign text (names, tags, messages) can't
 * steer the terminal or hide. In JSON the escaped text still means the same.
 */
export const escape = (text: string): string =>
  text.replace(UNSEEN, (found) => (found === '\n' || found.length > 2 ? found : escaped(found)));

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => {
    const code = character.charCodeAt(index).toString(16);
    return `\\u${code.padStart(4, '0')}`;
  }).join('');

/** Whether colours are kept: where people look, everywhere (`FORCE_COLOR`), or nowhere (`NO_COLOR`). */
type Colours = 'on-terminals' | 'always' | 'never';

const coloursOf = ({ NO_COLOR, FORCE_COLOR }: Terminal['environment']): Colours =>
  NO_COLOR ? 'never' : FORCE_COLOR ? 'always' : 'on-terminals';

/**
 * Wraps a stream so that all a command prints is escaped, also where a formatter forgot to. Colours are
 * dropped where the stream is no terminal: in a file or a build's log they are noise. `FORCE_COLOR`
 * keeps them, and `NO_COLOR` drops all of them, those of libraries too. A width that can't be one is
 * none: who divides by it would never end.
 */
export const guarded = (terminal: Terminal): Terminal => ({
  ...terminal,
  stdout: withVisibleText(terminal.stdout, terminal.environment),
  stderr: withVisibleText(terminal.stderr, terminal.environment),
});

function withVisibleText<Stream extends NodeJS.WritableStream & { readonly isTTY?: boolean }>(
  stream: Stream,
  environment: Terminal['environment'],
): Stream {
  const colours = coloursOf(environment);
  const write = stream.write.bind(stream) as (chunk: unknown, ...more: readonly unknown[]) => boolean;
  const isKept = colours === 'always' || (colours === 'on-terminals' && stream.isTTY === true);
  const asWanted = (text: string) => (isKept ? text : text.replace(COLOURS, ''));
  let current: unknown = (chunk: unknown, ...more: readonly unknown[]) =>
    write(typeof chunk === 'string' ? asWanted(escape(chunk)) : chunk, ...more);
  return new Proxy(stream, {
    get: (target, name) => {
      if (name === 'write') return current;
      const value: unknown = Reflect.get(target, name, target);
      if (name === 'columns') return columnsOf(value, environment['COLUMNS']);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    // ora replaces `write` while its spinner runs.
    set: (target, name, value) => {
      if (name === 'write') current = value;
      else Reflect.set(target, name, value, target);
      return true;
    },
  });
}
