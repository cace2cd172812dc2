import { expect } from 'chai';
import { callsOf } from '../../aws/support.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { run } from '../terminal.ts';

const APP = '111111111101';
const DATA = '111111111102';
const ANN = 'ann@example.com';
const BOB = 'bob@example.com';

describe('subscribe and unsubscribe', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const begin = async () => {
    world = await createWorld(emulator(), {
      topicReaders: [],
      accounts: [
        { name: 'app', users: [] },
        { name: 'data', users: [] },
      ],
    });
  };
  const cli = (...args: readonly string[]) => run(args, world);
  const confirmed = async (email: string, ...args: readonly string[]) => {
    const { code } = await cli('subscribe', '--email', email, ...args, '--yes');
    await emulator().confirmSubscription(world.organization.topicArn, email);
    return code;
  };
  const policies = async () =>
    (await emulator().subscriptions(world.organization.topicArn)).map(({ endpoint, filterPolicy }) => [
      endpoint,
      filterPolicy,
    ]);

  it('an address to the messages for an owner, then another one, and back', async () => {
    await begin();
    expect(await confirmed(ANN, '--owner', 'team-payments')).to.equal(0);
    const second = await cli('subscribe', '--email', ANN, '--owner', 'größe "b"', '--yes');
    expect(second.stderr).to.contain(`let ${ANN} have the messages for größe "b" of`);
    expect(await policies()).to.deep.equal([[ANN, { owner: ['team-payments', 'größe "b"'] }]]);
    const { stdout } = await cli('subscribe', '--email', ANN, '--owner', 'team-payments');
    expect(stdout).to.contain(`subscribed  ${ANN}: gets the messages for team-payments (arn:`);

    const less = await cli('unsubscribe', '--email', ANN, '--owner', 'team-payments', '--yes');
    expect([less.code, less.stdout]).to.deep.equal([0, '1 of 1 step done\n']);
    expect(await policies()).to.deep.equal([[ANN, { owner: ['größe "b"'] }]]);
    await cli('unsubscribe', '--email', ANN, '--owner', 'größe "b"', '--yes');
    expect(await policies()).to.deep.equal([]);
  });

  it("an address to the organization's summary only, and from it", async () => {
    await begin();
    expect(await confirmed(ANN, '--summary')).to.equal(0);
    expect(await policies()).to.deep.equal([[ANN, { accountId: ['organization'] }]]);
    const again = await cli('subscribe', '--email', ANN, '--summary');
    expect(again.stdout).to.contain(`${ANN}: gets the organization's summary (`);
    await cli('subscribe', '--email', ANN, '--account', APP, '--yes');
    expect(await policies()).to.deep.equal([[ANN, { accountId: ['organization', APP] }]]);
    const { stderr } = await cli('unsubscribe', '--email', ANN, '--summary', '--yes');
    expect(stderr).to.contain("take the organization's summary out of what ann@example.com gets");
    expect(await policies()).to.deep.equal([[ANN, { accountId: [APP] }]]);
  });

  it('asks, says aloud whom nobody would read of then, and takes no for an answer', async () => {
    await begin();
    await confirmed(ANN, '--account', APP, DATA);
    await confirmed(BOB, '--account', DATA);
    const { code, stdout } = await run(['unsubscribe', '--email', ANN], world, { answer: 'n' });
    expect(stdout).to.match(
      new RegExp(
        `NOBODY {2}would be sure to receive the digests of account ${APP} then.*no key is switched off`,
      ),
    );
    expect(code).to.equal(1);
    expect(await callsOf(emulator(), 'sns:Unsubscribe')).to.deep.equal([]);
    const done = await cli('unsubscribe', '--email', ANN, '--yes', '--json');
    expect(done.code).to.equal(0);
    const { steps, states } = JSON.parse(done.stdout) as {
      readonly steps: readonly { readonly kind: string; readonly status: string }[];
      readonly states: readonly unknown[];
    };
    expect(steps.map(({ kind, status }) => [kind, status])).to.deep.equal([['unsubscribe', 'done']]);
    expect(states).to.deep.equal([{ kind: 'unread', accountIds: [APP] }]);
    expect(await policies()).to.deep.equal([[BOB, { accountId: [DATA] }]]);
  });

  it('does nothing for an address that gets nothing', async () => {
    await begin();
    const { code, stdout } = await cli('unsubscribe', '--email', ANN);
    expect(code).to.equal(0);
    expect(stdout).to.equal(`note  ${ANN}: gets nothing of this already\nNothing to do.\n`);
  });

  for (const [command, args, says] of [
    ['subscribe', ['--email', ANN, '--owner', 'a', '--summary'], /--owner, --summary: only one/],
    ['subscribe', ['--email', ANN, '--owner', 'a', '--all'], /--all, --owner: only one/],
    ['subscribe', ['--email', ANN, '--summary', '--account', APP], /--account, --summary: only one/],
    ['subscribe', ['--contacts', 'security', '--owner', 'a'], /--owner: needs --email/],
    ['subscribe', ['--email', ANN, '--owner', ''], /--owner: must be the name of an owner.*not ""/],
    ['subscribe', ['--email', ANN, '--owner', 'a\nb'], /--owner: must be .*not "a\\nb"/],
    ['subscribe', ['--email', ANN, '--owner', 'x'.repeat(257)], /1 to 256 characters/],
    ['unsubscribe', ['--account', APP], /--email/],
    ['unsubscribe', ['--email', 'x'], /must be one e-mail address/],
    ['unsubscribe', ['--email', ANN, '--owner', 'a', '--account', APP], /only one of them can be given/],
    ['unsubscribe', ['--email', ANN, '--account', '999999999999'], /no such account/],
  ] as const) {
    it(`${command} ${args.join(' ').slice(0, 60)} ends with 2`, async () => {
      await begin();
      const { code, stdout, stderr } = await cli(command, ...args, '--yes');
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(says);
    });
  }
});
