import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { rememberAccounts } from '../../../../src/cli/commands/completion/known-accounts.ts';
import { SCRIPTS } from '../../../../src/cli/commands/completion/scripts.ts';

const CLI = fileURLToPath(new URL('../../../../src/cli.ts', import.meta.url));

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** Each would leave a file in the working directory if a shell carried it out. */
const HOSTILE = [
  '$(touch made)',
  '`touch made`',
  "'; touch made; '",
  '"; touch made; "',
  'a\ntouch made\n',
  '${x:-$(touch made)}',
  '<(touch made)',
  '*; touch made',
  '\u001b]0;title\u0007 \\',
];

describe('the scripts that shells load', function () {
  this.timeout(60_000);
  let folder: string;
  let path: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'completion-script-'));
    path = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`;
    const cache = join(folder, 'cache');
    spawnSync('mkdir', ['-p', join(folder, 'bin'), join(folder, 'work'), cache]);
    const program = join(folder, 'bin', 'access-key-rotation');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
    chmodSync(program, 0o755);
    for (const [shell, text] of Object.entries(SCRIPTS)) writeFileSync(join(folder, shell), text);
    const accounts = HOSTILE.map((name, index) => ({ id: `11112222${3300 + index}`, name }));
    rememberAccounts(accounts, { environment: { XDG_CACHE_HOME: cache } });
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const inShell = (shell: string, lines: readonly string[]) => {
    const { stdout, stderr, status } = spawnSync(shell, ['-c', lines.join('\n')], {
      cwd: join(folder, 'work'),
      env: { PATH: path, HOME: join(folder, 'work'), XDG_CACHE_HOME: join(folder, 'cache'), COLUMNS: '80' },
      encoding: 'utf8',
    });
    expect([status, stderr]).to.deep.equal([0, '']);
    return stdout;
  };

  /** What bash offers for a line, as it splits it: quotes belong to words. */
  const inBash = (words: readonly string[], type = 9): readonly string[] => {
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    const offered = inShell('bash', [
      `source '${join(folder, 'bash')}'`,
      `COMP_WORDS=(access-key-rotation ${quoted.join(' ')}) COMP_CWORD=${words.length} COMP_TYPE=${type}`,
      '_access_key_rotation',
      'printf "%s\\0" "${COMPREPLY[@]}"',
    ]);
    return offered.split('\0').slice(0, -1);
  };

  it('are three, each with how to install it', () => {
    for (const [shell, text] of Object.entries(SCRIPTS)) {
      expect(text, shell)
        .to.contain('To install it')
        .and.to.contain(`access-key-rotation completion ${shell}`);
      expect(text, shell).not.to.match(/\beval\b|compgen/);
    }
  });

  it('complete in bash: one candidate without what it means, several with it', () => {
    expect(inBash(['pla'])).to.deep.equal(['plan']);
    const [one = '', ...others] = inBash(['settings', 's']);
    expect([one, ...others].map((line) => line.slice(0, 20).trim())).to.deep.equal(['show', 'set']);
    expect(one).to.match(/^show {18}show what holds/);
    expect([one, ...others].every((line) => line.length <= 78)).to.equal(true);
    expect(inBash(['settings', 's'], 37)).to.deep.equal(['show', 'set']);
    expect(inBash(['plan', '--only', '=', 'up'])).to.deep.equal(['upcoming']);
    expect(inBash(['plan', '--user', 'x'])).to.deep.equal(['']);
  });

  it('are registered in bash for the name of the program', () => {
    expect(inShell('bash', [`source '${join(folder, 'bash')}'`, 'complete -p access-key-rotation'])).to.equal(
      'complete -F _access_key_rotation access-key-rotation\n',
    );
  });

  it('show names of accounts, and carry out nothing that is in one', () => {
    const offered = inBash(['status', '--account', '1111']);
    expect(offered.map((line) => line.slice(0, 12))).to.deep.equal(
      HOSTILE.map((_, index) => `11112222${3300 + index}`),
    );
    expect(offered[0]).to.match(/ \$\(touch made\)$/);
    expect(offered.some((line) => /[\u0000-\u001f]/.test(line))).to.equal(false);
    expect(inBash(['status', '--account', '111122223304'])).to.deep.equal(['111122223304']);
    expect(readdirSync(join(folder, 'work'))).to.deep.equal([]);
  });

  it('carry out nothing that is typed in a line that is not sent off', () => {
    for (const word of HOSTILE) {
      inBash([word, 'plan', '--account', word, `--only=${word}`, word]);
      expect(readdirSync(join(folder, 'work')), word).to.deep.equal([]);
    }
  });

  for (const shell of ['zsh', 'fish'].filter(isThere)) {
    it(`load in ${shell}`, () => {
      const start = shell === 'zsh' ? ['autoload -Uz compinit', 'compinit -D'] : [];
      inShell(shell, [...start, `source '${join(folder, shell)}'`]);
    });
  }
});
