import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/world.ts';
import { awsEnvironment } from './terminal.ts';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

interface Shown {
  /** Null: it had to be killed. */
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command line on a pseudo-terminal of so many columns. */
async function onTerminal(
  columns: number,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Shown> {
  const { stdout } = await promisify(execFile)(
    'python3',
    [
      pathOf('../support/pseudo_terminal.py'),
      String(columns),
      '30',
      process.execPath,
      pathOf('../../src/cli.ts'),
      ...args,
    ],
    { env: { PATH: process.env['PATH'], HOME: '/nowhere', TERM: 'xterm-256color', ...environment } },
  );
  return JSON.parse(stdout) as Shown;
}

describe('a terminal', function () {
  this.timeout(120_000);
  const emulator = emulatorForThisFile();
  let environment: Record<string, string>;
  before(async () => {
    await emulator().reset();
    const now = Date.now();
    const users = [{ userName: 'ann', keys: [{ createdAt: now, lastUsedAt: now }] }];
    const { credentials } = await emulator().seed({ accounts: [{ name: 'app', users }] });
    environment = { ...awsEnvironment(emulator(), credentials), ROTATION_FUNCTION_NAME: 'none' };
  });

  it('that says it has no columns, as those of script, ssh -tt and docker -t, is written to once', async () => {
    const { code, output } = await onTerminal(0, ['plan'], environment);
    expect(code, output.slice(-300)).to.equal(0);
    expect(output)
      .to.contain('Planning: ')
      .and.to.match(/Run \w+-\w+ \(audit\)/);
  });

  it('gets no colour under NO_COLOR, not even from the line that turns', async () => {
    const { code, output } = await onTerminal(100, ['plan'], { ...environment, NO_COLOR: '1' });
    expect(code, output.slice(-300)).to.equal(0);
    expect(output).to.contain('Planning: ');
    expect(output).not.to.match(/\u001b\[[\d;]+m/);
  });
});
