import { expect } from 'chai';
import { SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { snsNotifier } from '../../../src/aws/messaging/notifier.ts';
import { snsTopics } from '../../../src/aws/messaging/topics.ts';
import { composeSubscribe } from '../../../src/compose/subscribe.ts';
import { readRequest } from '../../../src/config/request.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { topicsOfAccounts } from '../../../src/domain/subscriptions/account-topics.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { callsOf } from '../../aws/support.ts';
import { run } from '../terminal.ts';

const [APP, DATA, FULL] = ['111111111101', '111111111102', '111111111103'];
const MANAGEMENT = '123456789012';
const [ANN, BOB, OPS] = ['ann@example.com', 'bob@example.com', 'ops@example.com'];
const KEY = 'alias/digests';

describe('subscribe, when the quota of filter policies comes near', function () {
  const emulator = emulatorForThisFile();
  let world: World;
  let shared: string;
  let own: string;

  /** 148 readers of one account, Ops who gets everything, Bob who gets two accounts; and Ann's account. */
  const begin = async () => {
    world = await createWorld(emulator(), {
      topicReaders: [],
      accounts: ['app', 'data', 'full'].map((name) => ({ name, users: [] })),
    });
    shared = world.organization.topicArn;
    own = `${shared}-${APP}`;
    const topics = snsTopics(world.aws);
    const reader = async (endpoint: string, ...accountIds: readonly string[]) => {
      const filter =
        accountIds.length === 0
          ? ({ kind: 'everything' } as const)
          : ({ kind: 'accounts', accountIds } as const);
      await topics.subscribe(shared, { protocol: 'email', endpoint, filter });
      await emulator().confirmSubscription(shared, endpoint);
    };
    const attribute = { AttributeName: 'KmsMasterKeyId', AttributeValue: KEY };
    await new SNSClient(world.aws).send(new SetTopicAttributesCommand({ TopicArn: shared, ...attribute }));
    for (let index = 0; index < 148; index += 1) await reader(`r${index}@example.com`, FULL);
    await reader(BOB, APP, DATA);
    await reader('carol@example.com', APP);
    await reader(OPS);
  };
  const subscribe = (...args: readonly string[]) => run(['subscribe', ...args, '--yes'], world);
  const annAsks = () => subscribe('--email', ANN, '--account', APP);
  const confirm = (endpoint: string, topicArn = own) => emulator().confirmSubscription(topicArn, endpoint);

  /** Publishes a digest of each account where the settings send it. */
  const readersOf = async (accountId: string): Promise<readonly string[]> => {
    const { settings, directory } = composeSubscribe(
      readSettings(world.environment),
      readRequest({}),
      world.aws,
    );
    const { accounts } = await directory.list({ withOus: false });
    const { topics } = topicsOfAccounts(await settings.read(), accounts, MANAGEMENT);
    const topicArn = topics.get(accountId)?.topicArn ?? '';
    await emulator().forgetNotifications();
    const message = { subject: 'Digest', text: 'Digest', json: '{}', attributes: { accountId } };
    await snsNotifier(world.aws, topicArn).publish(message);
    const [published] = await emulator().notifications();
    return published?.deliveredTo ?? [];
  };

  it('moves the account in two phases, and nobody misses a digest', async () => {
    await begin();
    const before = await readersOf(APP);
    expect(before).to.have.members([BOB, 'carol@example.com', OPS]);

    const first = await annAsks();
    expect(first.code).to.equal(0);
    expect(first.stderr).to.contain(`- make the topic ${own} for account ${APP}, like ${shared}`);
    expect(first.stderr).to.contain('AWS sends 4 mails');
    expect(first.stdout).to.match(/^moving {2}account 111111111101: its digests go on as before/m);
    const there = await emulator().subscriptions(own);
    expect(there.map(({ endpoint }) => endpoint)).to.have.members([...before, ANN]);
    expect(there.some(({ filterPolicy }) => filterPolicy !== undefined)).to.equal(false);
    expect(await readersOf(APP)).to.have.members(before);

    await confirm(ANN);
    await confirm(BOB);
    await confirm('carol@example.com');
    const second = await annAsks();
    expect(second.code).to.equal(0);
    expect(second.stdout)
      .to.contain(`- ${OPS} to confirm its subscription to ${own}`)
      .and.to.contain('Nothing to do');
    expect(await readersOf(APP)).to.have.members(before);

    await confirm(OPS);
    const third = await annAsks();
    expect(third.stderr).to.contain(`- send the digests of account ${APP} to ${own} from now on`);
    expect(await readersOf(APP)).to.have.members([...before, ANN]);
    expect(await readersOf(DATA)).to.have.members([BOB, OPS]);
    expect(await readersOf('organization').catch(() => [])).to.deep.equal([]);

    const fourth = await annAsks();
    expect([fourth.code, fourth.stderr]).to.deep.equal([0, '']);
    await world.pass(1);
    const fifth = await annAsks();
    expect(fifth.stderr).to.contain(`take account ${APP} out of what ${BOB} gets from ${shared}`);
    const onShared = await emulator().subscriptions(shared);
    expect(onShared.find(({ endpoint }) => endpoint === BOB)?.filterPolicy).to.deep.equal({
      accountId: [DATA],
    });
    expect(onShared.some(({ endpoint }) => endpoint === 'carol@example.com')).to.equal(false);
    expect(onShared.some(({ endpoint }) => endpoint === OPS)).to.equal(true);
    expect(await readersOf(APP)).to.have.members([...before, ANN]);
    expect(await readersOf(DATA)).to.have.members([BOB, OPS]);

    const sixth = await annAsks();
    expect([sixth.code, sixth.stderr]).to.deep.equal([0, '']);
    expect(await callsOf(emulator(), 'sns:CreateTopic')).to.have.length(1);
  });

  it('makes the topic like the shared one, and the history says who moved the account', async () => {
    await begin();
    await annAsks();
    const topics = snsTopics(world.aws);
    expect(await topics.read(own)).to.include({ keyId: KEY });
    for (const { endpoint } of await emulator().subscriptions(own)) await confirm(endpoint);
    await annAsks();
    const { code, stdout } = await run(['history', '--account', APP, '--json'], world);
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/settings-changed/)
      .and.to.contain(`topicArn is ${own} now`);
  });

  it('keeps what else is set for the account', async () => {
    await begin();
    const set = await run(['settings', 'set', 'owner', 'team-app', '--account', APP, '--yes'], world);
    expect(set.code, set.stderr).to.equal(0);
    await annAsks();
    for (const { endpoint } of await emulator().subscriptions(own)) await confirm(endpoint);
    await annAsks();
    const { settings } = composeSubscribe(readSettings(world.environment), readRequest({}), world.aws);
    const { rows } = await settings.read();
    expect(rows.map(({ target, values, final }) => ({ target, values, final }))).to.deep.equal([
      {
        target: { level: 'account', accountId: APP },
        values: { owner: 'team-app', topicArn: own },
        final: [],
      },
    ]);
  });

  it('moves nothing without a table for settings', async () => {
    await begin();
    const environment = { ROTATION_TABLE_NAME: '' };
    const { code, stdout } = await run(['subscribe', '--email', ANN, '--account', APP, '--yes'], world, {
      environment,
    });
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /^refused {2}ann@example.com, account 111111111101: .+ROTATION_TABLE_NAME is not set/m,
    );
    expect(await callsOf(emulator(), 'sns:CreateTopic')).to.deep.equal([]);
  });
});
