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

/**
 * Wraps a stream so that all a command prints is escaped, also where a formatter forgot to. Colours are
 * dropped where the stream is no terminal: in a file or a build's log they are noise. `FORCE_COLOR`
 * keeps them.
 */
export const guarded = (terminal: Terminal): Terminal => {
  const forced = Boolean(terminal.environment['FORCE_COLOR']);
  return {
    ...terminal,
    stdout: withVisibleText(terminal.stdout, forced),
    stderr: withVisibleText(terminal.stderr, forced),
  };
};

function withVisibleText<Stream extends NodeJS.WritableStream & { readonly isTTY?: boolean }>(
  stream: Stream,
  forced: boolean,
): Stream {
  const write = stream.write.bind(stream) as (chunk: unknown, ...more: readonly unknown[]) => boolean;
  const asWanted = (text: string) => (stream.isTTY === true || forced ? text : text.replace(COLOURS, ''));
  let current: unknown = (chunk: unknown, ...more: readonly unknown[]) =>
    write(typeof chunk === 'string' ? asWanted(escape(chunk)) : chunk, ...more);
  return new Proxy(stream, {
    get: (target, name) => {
      if (name === 'write') return current;
      const value: unknown = Reflect.get(target, name, target);
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
