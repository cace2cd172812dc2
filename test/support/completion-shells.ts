import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { rememberAccounts } from '../../src/cli/commands/completion/known-accounts.ts';
import { SCRIPTS } from '../../src/cli/commands/completion/scripts.ts';

/* Shells that have nothing but the program, a script to load for each, and accounts with hostile names. */

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

export const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** Each would leave a file in the working directory if a shell carried it out. */
export const HOSTILE = [
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

export interface Shells {
  /** Has the scripts, each in a file with the name of its shell. */
  readonly folder: string;
  /** Where shells begin. It holds rotation.yml. */
  readonly work: string;
  /** What is printed. Fails when the shell does, and when something is said on stderr. */
  readonly run: (shell: string, lines: readonly string[]) => string;
  readonly remove: () => void;
}

export function shellsWithScripts(): Shells {
  const folder = mkdtempSync(join(tmpdir(), 'completion-script-'));
  const [bin, work, cache] = ['bin', 'work', 'cache'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [bin, work, cache]) mkdirSync(one);
  const program = join(bin, 'access-key-rotation');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  chmodSync(program, 0o755);
  for (const [shell, text] of Object.entries(SCRIPTS)) writeFileSync(join(folder, shell), text);
  writeFileSync(join(work, 'rotation.yml'), '');
  const hostile = HOSTILE.map((name, index) => ({ id: `11112222${3300 + index}`, name }));
  const accounts = [...hostile, { id: '444455556666', name: 'Sandbox' }];
  rememberAccounts(accounts, { environment: { XDG_CACHE_HOME: cache } });
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    XDG_CACHE_HOME: cache,
    COLUMNS: '80',
  };
  const run = (shell: string, lines: readonly string[]) => {
    const all = ['-c', lines.join('\n')];
    const { stdout, stderr, status } = spawnSync(shell, all, { cwd: work, env, encoding: 'utf8' });
    expect([status, stderr]).to.deep.equal([0, '']);
    return stdout;
  };
  return { folder, work, run, remove: () => rmSync(folder, { recursive: true }) };
}
