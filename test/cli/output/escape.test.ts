import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import ora from 'ora';
import pc from 'picocolors';
import { guarded, escape } from '../../../src/cli/output/escape.ts';
import { anyText, HOSTILE, unseenIn } from '../../support/hostile.ts';
import { fakeTerminal } from '../../support/terminal.ts';

const ESC = String.fromCharCode(0x1b);

describe('what reaches a terminal', () => {
  const TABLE: readonly (readonly [string, string, string])[] = [
    ['text in all scripts', 'Größe 支払い мир שלום 😀', 'Größe 支払い мир שלום 😀'],
    ['line ends', 'one\ntwo\n', 'one\ntwo\n'],
    ['our colours', `${ESC}[31mred${ESC}[39m`, `${ESC}[31mred${ESC}[39m`],
    ['the cursor of a spinner', `${ESC}[?25l${ESC}[?2026h`, `${ESC}[?25l${ESC}[?2026h`],
    ['no command', `${ESC}[2J${ESC}]0;owned\u0007`, '\\u001b[2J\\u001b]0;owned\\u0007'],
    ['no command in one byte', '\u009b2J', '\\u009b2J'],
    ['no overwriting', 'paid\r\b\b1', 'paid\\u000d\\u0008\\u00081'],
    ['nothing that runs backwards', 'a\u202eb', 'a\\u202eb'],
    ['nothing unseen', 'a\u200b\u{e0067}b', 'a\\u200b\\udb40\\udc67b'],
    ['no half letters', 'a\ud83d', 'a\\ud83d'],
  ];
  for (const [title, text, expected] of TABLE) {
    it(`is ${title}`, () => {
      expect(escape(text)).to.equal(expected);
    });
  }

  it('is nothing unseen, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unseenIn(escape(text)).filter((found) => found !== ESC)).to.deep.equal([]);
      }),
    );
  });

  it('is, of JSON, what the JSON says', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText), (value) => {
        const shown = escape(JSON.stringify(value, null, 2));
        expect(unseenIn(shown)).to.deep.equal([]);
        expect(JSON.parse(shown)).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('passes the guard on both streams', () => {
    const terminal = fakeTerminal();
    const { stdout, stderr } = guarded(terminal);
    stdout.write(HOSTILE['a command that clears the terminal'] ?? '');
    stderr.write(HOSTILE['text that runs backwards'] ?? '');
    expect(terminal.stdoutText()).to.include('\\u001b[2J');
    expect(terminal.stderrText()).to.include('\\u202e');
    expect(unseenIn(terminal.printed())).to.deep.equal([]);
  });

  it('can be a spinner, which takes the stream over for a while', () => {
    const stream = Object.assign(new PassThrough(), {
      isTTY: true,
      clearLine: () => true,
      cursorTo: () => true,
      moveCursor: () => true,
    });
    const { stderr } = guarded({ ...fakeTerminal(), stderr: stream });
    const spinner = ora({ stream: stderr, isEnabled: true, discardStdin: false }).start('working');
    stderr.write('a line meanwhile\u202e\n');
    spinner.stop();
    stderr.write('and one after it\u202e\n');
    const printed = String(stream.read());
    expect(printed).to.include('working').and.to.include('a line meanwhile\\u202e\n');
    expect(printed).to.include('and one after it\\u202e\n');
    expect(printed).not.to.include('\u202e');
  });

  it('knows its width, and whether people watch', () => {
    const stdout = Object.assign(new PassThrough(), { columns: 99 });
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    const seen = guarded({ ...fakeTerminal(), stdout, stderr });
    expect([seen.stdout.columns, seen.stderr.isTTY]).to.deep.equal([99, true]);
  });

  const red = pc.createColors(true).red('no');
  const COLOURED: readonly (readonly [string, boolean, Record<string, string>, string])[] = [
    ['has our colours on a terminal', true, {}, red],
    ['has none in a file, nor in the log of a build', false, { CI: 'true' }, 'no'],
    ['has them in a file for those who force it', false, { FORCE_COLOR: '1' }, red],
  ];
  for (const [title, isTTY, environment, expected] of COLOURED) {
    it(title, () => {
      const stream = () => Object.assign(new PassThrough(), { isTTY });
      const seen = { ...fakeTerminal(), environment, stdout: stream(), stderr: stream() };
      const { stdout, stderr } = guarded(seen);
      stdout.write(red);
      stderr.write(red);
      expect([String(seen.stdout.read()), String(seen.stderr.read())]).to.deep.equal([expected, expected]);
    });
  }
});
