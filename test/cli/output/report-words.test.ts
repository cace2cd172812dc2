import { expect } from 'chai';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../../support/world.ts';
import { run } from '../terminal.ts';

const due = (userName: string) => userWithKey(userName, { age: 65, usedAgo: 1, id: 'AKIAEXAMPLE000000001' });
const HOSTILE = 'app\u001b]0;owned\u0007\u001b[2J\r\nforged: line\u202e\u009b31m\u0085';
const COLOURS = /\u001b\[\d+m/g;
const UNSAFE = /[^\P{Cc}\n]|\p{Cf}/u;

describe('the report for people', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const create = async (name: string, memberRole?: false) => {
    const account = { name, users: [due('ann'), userWithKey('bob', { age: 5, usedAgo: 1 })] };
    world = await createWorld(emulator(), {
      accounts: [memberRole === undefined ? account : { ...account, memberRole }],
    });
  };

  it('names account, user, key, what would be done and why', async () => {
    await create('app');
    const { stdout, code } = await run(['plan'], world);
    for (const part of ['app', '111111111101', 'ann', 'AKIAEXAMPLE000000001', 'would replace', '65']) {
      expect(stdout).to.contain(part);
    }
    expect(stdout).not.to.contain('bob');
    expect(code).to.equal(0);
  });

  it('begins with what it comes to, and the totals', async () => {
    await create('app');
    const { stdout } = await run(['plan'], world);
    const [first, second] = stdout.split('\n');
    expect(first).to.match(/^Run \S+ \(audit\): replace 1$/);
    expect(second).to.equal('2 accounts, 2 users, 2 active keys');
  });

  it('says why an account is unreachable, and what to do', async () => {
    await create('app', false);
    const { stdout } = await run(['plan'], world);
    expect(stdout)
      .to.contain('unreachable')
      .and.to.contain('sts:AssumeRole')
      .and.to.contain('Next step: Deploy');
  });

  for (const [title, memberRole] of [
    ['an account', undefined],
    ['an unreachable account', false],
  ] as const) {
    it(`holds no control characters of the name of ${title}`, async () => {
      await create(HOSTILE, memberRole);
      const { stdout } = await run(['plan'], world);
      expect(stdout.replaceAll(COLOURS, '')).not.to.match(UNSAFE);
      expect(stdout).not.to.match(/^forged/m);
      expect(stdout).to.contain('owned');
    });
  }

  it("moves nobody's cursor while it is made, either", async () => {
    await create(HOSTILE);
    const { stderr } = await run(['plan'], world, { isTTY: true });
    expect(stderr).to.contain('owned');
    expect(stderr).not.to.match(/\u001b\]0;|\u001b\[2J|\u009b|\u0007|\u202e/);
  });

  it('leaves a long name whole', async () => {
    const name = 'Q'.repeat(30) + 'J'.repeat(30);
    world = await createWorld(emulator(), { accounts: [{ name: 'app', users: [due(name)] }] });
    const { stdout } = await run(['plan'], world);
    expect(stdout.replaceAll(/[^QJ]/g, '')).to.equal(name);
  });

  for (const columns of [40, 80, 200]) {
    it(`fits into ${columns} columns`, async () => {
      await create('app');
      const { stdout } = await run(['plan'], world, { columns });
      const widths = stdout
        .replaceAll(COLOURS, '')
        .split('\n')
        .map((line) => line.length);
      expect(Math.max(...widths)).to.be.at.most(columns);
    });
  }
});
