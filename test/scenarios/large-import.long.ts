import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../cli/terminal.ts';
import { createWorld, emulatorForThisFile } from '../support/world.ts';

const ROWS = 20_000;
const ACCOUNT = '111111111101';

describe('settings of 20,000 users', () => {
  const emulator = emulatorForThisFile();
  const folder = mkdtempSync(path.join(tmpdir(), 'import-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const fileOf = (prefix: string): string => {
    const named = (n: number) => [`${prefix}${n}`, { rotateAfter: 30 + (n % 20) }] as const;
    const users = Object.fromEntries(Array.from({ length: ROWS }, (_, n) => named(n)));
    const file = path.join(folder, `${prefix}.json`);
    writeFileSync(file, JSON.stringify({ accounts: { [ACCOUNT]: { users } } }));
    return file;
  };

  it('are imported, take the place of 20,000 others, and are the same when they come again', async () => {
    const world = await createWorld(emulator(), { accounts: [{ name: 'app', users: [] }] });
    for (const prefix of ['first', 'second', 'second']) {
      const { code, stderr } = await run(['settings', 'import', fileOf(prefix), '--yes'], world);
      expect(code, stderr).to.equal(0);
    }
    const { stdout } = await run(['settings', 'export', '--json'], world);
    const { accounts } = JSON.parse(stdout) as {
      accounts: Readonly<Record<string, { readonly users: object }>>;
    };
    const names = Object.keys(accounts[ACCOUNT]?.users ?? {});
    expect(names).to.have.length(ROWS);
    expect(names.every((name) => name.startsWith('second'))).to.equal(true);
  });
});
