import { expect } from 'chai';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { callsOf } from '../../aws/support.ts';
import { run } from '../terminal.ts';

const APP = '111111111101';
const DATA = '111111111102';
const WEB = '111111111103';
const MANAGEMENT = '123456789012';
const ANN = 'ann@example.com';

const CHANGES = ['Subscribe', 'SetSubscriptionAttributes', 'Unsubscribe', 'CreateTopic', 'Publish'].map(
  (name) => `sns:${name}`,
);

interface Answer {
  readonly steps: readonly { readonly kind: string; readonly status: string }[];
  readonly states: readonly {
    readonly kind: string;
    readonly accountIds?: readonly string[];
    readonly why?: string;
  }[];
  readonly clean: boolean;
}

describe('subscribe', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const begin = async (seed: Partial<OrganizationSeed> = {}) => {
    world = await createWorld(emulator(), {
      topicReaders: [],
      accounts: [
        { name: 'app', users: [], email: 'app@example.com', securityContact: 'soc@example.com' },
        { name: 'data', users: [], email: 'data@example.com' },
        { name: 'web', users: [], email: 'web@example.com', securityContact: 'SOC@example.com' },
      ],
      ...seed,
    });
    return world;
  };
  const subscribe = (...args: readonly string[]) => run(['subscribe', ...args], world);
  const inJson = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await subscribe('--json', '--yes', ...args);
    return { code, stderr, ...(JSON.parse(stdout) as Answer) };
  };
  const subscriptions = () => emulator().subscriptions(world.organization.topicArn);
  const confirm = (endpoint = ANN) => emulator().confirmSubscription(world.organization.topicArn, endpoint);
  const changes = async () => (await callsOf(emulator(), ...CHANGES)).map(({ action }) => action);

  it('subscribes an address to one account, says so, and does nothing when asked again', async () => {
    await begin();
    const first = await subscribe('--email', ANN, '--account', APP, '--yes');
    expect(first.code).to.equal(0);
    expect(first.stderr).to.contain(`- subscribe ${ANN} to account ${APP} of ${world.organization.topicArn}`);
    expect(first.stderr).to.contain('AWS sends 1 mail with a link');
    expect(first.stdout).to.contain('1 of 1 step done');
    expect(await subscriptions()).to.deep.equal([
      { endpoint: ANN, protocol: 'email', confirmed: false, filterPolicy: { accountId: [APP] } },
    ]);

    const second = await subscribe('--email', ANN, '--account', APP);
    expect([second.code, second.stderr]).to.deep.equal([0, '']);
    expect(second.stdout)
      .to.match(/^pending {2}ann@example.com: has not confirmed/m)
      .and.to.match(/Nothing to do/);

    await confirm();
    const third = await subscribe('--email', ANN, '--account', APP);
    expect([third.code, third.stderr]).to.deep.equal([0, '']);
    expect(third.stdout).to.match(
      new RegExp(`^subscribed  ann@example.com: gets the digests of account ${APP}`),
    );
    expect(await changes()).to.deep.equal(['sns:Subscribe']);
  });

  it('adds accounts to the filter policy that is there', async () => {
    await begin();
    await subscribe('--email', ANN, '--account', APP, WEB, '--yes');
    await confirm();
    const { code } = await subscribe('--email', ANN, '--account', DATA, APP, '--yes');
    expect(code).to.equal(0);
    expect(await subscriptions()).to.deep.equal([
      { endpoint: ANN, protocol: 'email', confirmed: true, filterPolicy: { accountId: [APP, WEB, DATA] } },
    ]);
    expect(await changes()).to.deep.equal(['sns:Subscribe', 'sns:SetSubscriptionAttributes']);
  });

  it('subscribes an address to everything, and says what that is', async () => {
    await begin();
    const { code, stdout } = await subscribe('--email', ANN, '--all', '--yes');
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /the digests of all accounts, of those to come too, and the organization's summary/,
    );
    expect(await subscriptions()).to.deep.equal([{ endpoint: ANN, protocol: 'email', confirmed: false }]);
  });

  it('lets what was subscribed to some accounts have everything', async () => {
    await begin();
    await subscribe('--email', ANN, '--account', APP, '--yes');
    await confirm();
    await subscribe('--email', ANN, '--all', '--yes');
    const [one, ...more] = await subscriptions();
    expect(more).to.deep.equal([]);
    expect(one?.filterPolicy ?? {}).to.deep.equal({});
    const [, ...asked] = await changes();
    expect(asked).to.deep.equal(['sns:SetSubscriptionAttributes']);
  });

  it('subscribes each account’s address that the organization has', async () => {
    await begin();
    const { code, stdout } = await subscribe('--contacts', 'organization', '--account', APP, DATA, '--yes');
    expect([code, stdout]).to.deep.equal([0, '2 of 2 steps done\n']);
    expect(
      (await subscriptions()).map(({ endpoint, filterPolicy }) => [endpoint, filterPolicy]),
    ).to.deep.equal([
      ['app@example.com', { accountId: [APP] }],
      ['data@example.com', { accountId: [DATA] }],
    ]);
  });

  it('subscribes alternate contacts for security, names accounts without one, and ends with 1', async () => {
    await begin({ management: { securityContact: 'ciso@example.com' } });
    const { code, steps, states, clean } = await inJson('--contacts', 'security', '--all');
    expect([code, clean]).to.deep.equal([1, false]);
    expect(steps.map(({ kind, status }) => `${kind} ${status}`)).to.deep.equal([
      'subscribe done',
      'subscribe done',
    ]);
    expect(states).to.have.length(1);
    expect(states[0]).to.deep.include({
      kind: 'refused',
      accountIds: [DATA],
      why: 'it has no alternate contact for security',
    });
    const found = (await subscriptions()).map(({ endpoint, filterPolicy }) => [endpoint, filterPolicy]);
    expect(found).to.have.deep.members([
      ['ciso@example.com', { accountId: [MANAGEMENT] }],
      ['soc@example.com', { accountId: [APP, WEB] }],
    ]);
  });

  it('says what the Account API needs when it refuses', async () => {
    await begin({ service: { account: 'app', delegatedAdministrator: false }, organizationsRole: true });
    const environment = { ROTATION_ORGANIZATIONS_ROLE_ARN: world.organization.organizationsRoleArn ?? '' };
    const args = ['subscribe', '--contacts', 'security', '--account', APP, WEB, '--yes'];
    const { code, stdout } = await run(args, world, { environment });
    expect(code).to.equal(1);
    expect(stdout).to.match(
      new RegExp(`^refused  account ${WEB}: account:GetAlternateContact: AccessDenied`, 'm'),
    );
    expect(stdout).to.contain('enable-aws-service-access --service-principal account.amazonaws.com');
    // Its own contact needs nobody's leave.
    expect((await subscriptions()).map(({ endpoint }) => endpoint)).to.deep.equal(['soc@example.com']);
  });

  it('asks, and takes no for an answer', async () => {
    await begin();
    const args = ['subscribe', '--email', ANN, '--account', APP];
    const no = await run(args, world, { answer: 'n' });
    expect([no.code, await subscriptions()]).to.deep.equal([1, []]);
    const yes = await run(args, world, { answer: 'y' });
    expect(yes.code).to.equal(0);
    expect(await subscriptions()).to.have.length(1);
  });

  it('does nothing where nobody can be asked', async () => {
    await begin();
    const { code, stderr } = await subscribe('--email', ANN, '--account', APP);
    expect(code).to.equal(2);
    expect(stderr).to.match(/--yes: must be given/);
    expect(await changes()).to.deep.equal([]);
  });

  it('goes on when one step fails, and ends with 1', async () => {
    await begin();
    await emulator().inject({
      action: 'sns:Subscribe',
      match: { Endpoint: 'app@example.com' },
      kind: 'error',
      code: 'AuthorizationError',
      httpStatus: 403,
    });
    const { code, stdout } = await subscribe('--contacts', 'organization', '--account', APP, DATA, '--yes');
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /^failed {2}subscribe app@example.com.+\n {2}sns:Subscribe: AuthorizationError.*\n {2}Next step: /,
    );
    expect(stdout).to.contain('1 of 2 steps done');
    expect((await subscriptions()).map(({ endpoint }) => endpoint)).to.deep.equal(['data@example.com']);
  });

  it('prints JSON and nothing else', async () => {
    await begin();
    const { code, stdout } = await subscribe('--email', ANN, '--account', APP, '--json', '--yes');
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      schemaVersion: 1,
      steps: [
        {
          kind: 'subscribe',
          topicArn: world.organization.topicArn,
          protocol: 'email',
          endpoint: ANN,
          filter: { kind: 'accounts', accountIds: [APP] },
          status: 'done',
        },
      ],
      states: [],
      clean: true,
    });
  });

  for (const [title, args, says] of [
    ['neither an address nor contacts', ['--all'], [/--email, --contacts: one of the two/]],
    ['both an address and contacts', ['--email', ANN, '--contacts', 'security', '--all'], [/one of the two/]],
    ['neither accounts nor all', ['--email', ANN], [/--account, --all: one of the two/]],
    [
      'both accounts and all',
      ['--email', ANN, '--all', '--account', APP],
      [/--account, --all: one of the two/],
    ],
    ['two addresses in one', ['--email', 'a@b.de,c@d.de', '--all'], [/not "a@b.de,c@d.de"/]],
    [
      'an address with a line break',
      ['--email', 'a@b.de\nBcc: c@d.de', '--all'],
      [/not "a@b.de\\nBcc: c@d.de"/],
    ],
    [
      'an address that is an ARN',
      ['--email', 'arn:aws:sqs:eu-central-1:1:q', '--all'],
      [/must be one e-mail address/],
    ],
    ['unknown contacts', ['--contacts', 'billing', '--all'], [/organization, security/]],
    [
      'everything that is wrong at once',
      ['--email', 'x', '--account', '12'],
      [/must be one e-mail address/, /twelve digits/],
    ],
    ['an account that is not there', ['--email', ANN, '--account', '999999999999'], [/no such account/]],
  ] as const) {
    it(`ends with 2 for ${title}`, async () => {
      await begin();
      const { code, stdout, stderr } = await subscribe(...args, '--yes');
      expect([code, stdout]).to.deep.equal([2, '']);
      for (const one of says) expect(stderr).to.match(one);
      expect(await changes()).to.deep.equal([]);
    });
  }

  it('shows examples', async () => {
    await begin();
    const { code, stdout } = await subscribe('--help');
    expect(code).to.equal(0);
    expect(stdout).to.contain('access-key-rotation subscribe --contacts security --all');
  });
});
