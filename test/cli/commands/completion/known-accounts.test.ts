import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { knownAccounts, rememberAccounts } from '../../../../src/cli/commands/completion/known-accounts.ts';
import { createWorld, emulatorForThisFile, userWithKey } from '../../../support/world.ts';
import { leaveReport, reportsUrlOf } from '../../deployed.ts';
import { run } from '../../terminal.ts';

const PAYMENTS = { id: '111122223333', name: 'Payments' };

describe('the accounts that completion knows', () => {
  const emulator = emulatorForThisFile();
  let home: string;
  const fileOf = (name = 'accounts') => join(home, '.cache', 'access-key-rotation', `${name}.json`);
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'known-accounts-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  it('are remembered for the eyes of this user alone, and with no more than id and name', () => {
    const account = { ...PAYMENTS, email: 'root@example.com' };
    rememberAccounts([account], { environment: { HOME: home } });
    expect(statSync(fileOf()).mode & 0o777).to.equal(0o600);
    expect(JSON.parse(readFileSync(fileOf(), 'utf8'))).to.deep.equal([PAYMENTS]);
    expect(knownAccounts({ environment: { HOME: home } })).to.deep.equal([PAYMENTS]);
  });

  it('are those of the profile, and where the shell has none, what was shown last', () => {
    const other = { id: '444455556666', name: 'Other' };
    const here = { HOME: home, AWS_PROFILE: 'here' };
    const there = { HOME: home, AWS_PROFILE: '../other' };
    rememberAccounts([PAYMENTS], { environment: here });
    rememberAccounts([other], { environment: there });
    expect(existsSync(fileOf('accounts-..%2Fother'))).to.equal(true);
    expect(knownAccounts({ environment: here })).to.deep.equal([PAYMENTS]);
    expect(knownAccounts({ environment: there })).to.deep.equal([other]);
    expect(knownAccounts({ environment: { HOME: home } })).to.deep.equal([other]);
    expect(knownAccounts({ environment: { HOME: home, AWS_PROFILE: 'new' } })).to.deep.equal([]);
  });

  it('are none where the file is damaged, writable by others, or holds what is no id', () => {
    const environment = { HOME: home };
    rememberAccounts([PAYMENTS], { environment });
    for (const text of ['{', '{}', 'null', '[null]', '[{"id":"$(id)","name":"a"}]', '[{"id":"1"}]']) {
      writeFileSync(fileOf(), text);
      expect(knownAccounts({ environment }), text).to.deep.equal([]);
    }
    writeFileSync(fileOf(), JSON.stringify([PAYMENTS]));
    expect(knownAccounts({ environment })).to.deep.equal([PAYMENTS]);
    chmodSync(fileOf(), 0o622);
    expect(knownAccounts({ environment })).to.deep.equal([]);
  });

  it('need a home that is there: none is made', () => {
    const nowhere = join(home, 'nowhere');
    for (const environment of [{ HOME: nowhere }, { HOME: 'relative' }, {}]) {
      rememberAccounts([PAYMENTS], { environment });
      expect(knownAccounts({ environment })).to.deep.equal([]);
    }
    expect(existsSync(nowhere)).to.equal(false);
  });

  it('are those of a plan of all accounts, and not of a part of them', async () => {
    const users = [userWithKey('ann', { age: 5 })];
    const accounts = ['app', 'data'].map((name) => ({ name, users }));
    const world = await createWorld(emulator(), { accounts });
    const environment = { HOME: home };
    const names = () => knownAccounts({ environment }).map(({ name }) => name);
    await run(['plan', '--account', '111111111101'], world, { environment });
    expect(names()).to.deep.equal([]);
    await run(['plan', '--user', 'ann'], world, { environment });
    expect(names()).to.include.members(['app', 'data']);
  });

  it('are those of the overview', async () => {
    const world = await createWorld(emulator(), { accounts: [{ name: 'app', users: [] }] });
    await leaveReport(world, [{ id: '111111111101', name: 'app' }]);
    const environment = { HOME: home, REPORTS_URL: reportsUrlOf(world) };
    const { code, stderr } = await run(['overview'], world, { environment });
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(knownAccounts({ environment })).to.deep.equal([{ id: '111111111101', name: 'app' }]);
  });
});
