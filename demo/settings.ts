import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Terminal } from '../src/cli/input/terminal.ts';
import { main } from '../src/cli/main.ts';
import { DAY, dateOf } from '../src/domain/time.ts';
import type { World } from '../test/support/world.ts';
import { fakeTerminal } from '../test/support/terminal.ts';

/** Who answers for the keys of an account. Of the others nobody has said. */
const OWNERS: Readonly<Record<string, string>> = {
  Management: 'platform',
  Payments: 'team-payments',
  'Payments Test': 'team-payments',
  'Web Shop': 'team-web',
  'Data Lake': 'data-platform',
  Sandbox: 'platform',
};

/** An old key in use that is left alone for now. */
const EXEMPT = { account: 'Payments Test', userName: 'svc-ci' };

/** What an administrator has set before the first run. */
export async function importSettings(
  world: World,
  terminal: Omit<Terminal, 'stdout' | 'stderr'>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rotation-demo-'));
  const silent = { ...fakeTerminal(), ...terminal };
  try {
    const file = join(folder, 'settings.yaml');
    await writeFile(file, settingsOf(world));
    const code = await main(['settings', 'import', file, '--yes'], silent);
    if (code !== 0) throw new Error(`the settings were not imported: ${silent.printed()}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function settingsOf({ organization, clock }: World): string {
  const exemption = {
    owner: 'team-payments',
    reason: 'the build server takes a new key only with its release in spring',
    until: dateOf(clock.now() + 150 * DAY),
  };
  const accounts = [
    { id: organization.managementAccountId, name: 'Management' },
    ...organization.accounts,
  ].flatMap(({ id, name }) => {
    const owner = OWNERS[name];
    const users = name === EXEMPT.account ? { users: { [EXEMPT.userName]: { exemption } } } : {};
    return owner === undefined ? [] : [[id, { owner, ...users }] as const];
  });
  return stringify({ accounts: Object.fromEntries(accounts) });
}
