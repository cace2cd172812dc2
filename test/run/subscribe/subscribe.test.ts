import { expect } from 'chai';
import type { SubscriptionState } from '../../../src/domain/subscriptions/plan.ts';
import { InputError } from '../../../src/domain/errors.ts';
import { applySubscriptions } from '../../../src/run/subscribe/apply.ts';
import { preparePlan } from '../../../src/run/subscribe/plan.ts';
import { caught } from '../../support/memory/caught.ts';
import { refusal } from '../../support/memory/intercept.ts';
import { NO_SELECTION } from '../../support/memory/organization.ts';
import { memorySubscribing, SERVICE } from '../../support/memory/subscribing.ts';
import { ANN, APP, BOB, byHand, DATA, only, OPS, own, SHARED, WEB } from '../../support/subscriptions.ts';

const FULL = '111111111199';
const ACCOUNTS = [
  { id: APP, email: 'app@example.com' },
  { id: DATA, email: 'data@example.com' },
  { id: WEB, email: 'App@example.com' },
  { id: FULL },
];
const ann = { address: ANN };

const refused = (standings: readonly SubscriptionState[]) =>
  standings.flatMap((one) => (one.kind === 'refused' ? [`${one.accountIds.join(' ')}: ${one.why}`] : []));
/** The shared topic has no room for another filter policy. */
const full = () => {
  const world = memorySubscribing(ACCOUNTS);
  for (let index = 0; index < 150; index += 1)
    world.topics.reader(SHARED, `r${index}@example.com`, only(FULL));
  return world;
};

describe('subscribing', () => {
  it('does what it planned, and nothing when it is asked again', async () => {
    const world = memorySubscribing(ACCOUNTS);
    const done = await world.subscribe(ann, [APP]);
    expect(done.map(({ status, step }) => [status, step.kind])).to.deep.equal([['done', 'subscribe']]);
    expect(await world.subscribe(ann, [APP])).to.deep.equal([]);
    world.topics.confirm(SHARED, ANN);
    expect(await world.subscribe(ann, [APP])).to.deep.equal([]);
    expect(world.topics.changes).to.deep.equal([`subscribe ${ANN} digests`]);
    expect(world.topics.deliveredTo(SHARED, APP)).to.deep.equal([ANN]);
    expect(world.topics.deliveredTo(SHARED, DATA)).to.deep.equal([]);
  });

  it('changes nothing while it plans', async () => {
    const world = full();
    await world.plan(ann, [APP]);
    expect([world.topics.changes, world.rows]).to.deep.equal([[], []]);
  });

  it('moves an account in two phases', async () => {
    const world = full();
    world.topics.reader(SHARED, OPS);
    await world.subscribe(ann, [APP]);
    expect(world.topicOf(APP)).to.equal(SHARED);
    world.topics.confirm(own(APP), ANN);
    await world.subscribe(ann, [APP]);
    expect(world.topicOf(APP), 'ops has not confirmed').to.equal(SHARED);
    world.topics.confirm(own(APP), OPS);
    await world.subscribe(ann, [APP]);
    expect(world.topicOf(APP)).to.equal(own(APP));
    expect(world.topics.deliveredTo(own(APP), APP)).to.have.members([ANN, OPS]);
    expect(world.topics.deliveredTo(SHARED, DATA)).to.deep.equal([OPS]);
    expect(world.topics.changes).to.deep.equal([
      `create digests-${APP}`,
      `subscribe ${OPS} digests-${APP}`,
      `subscribe ${ANN} digests-${APP}`,
    ]);
  });

  it('does not move an account whose readers have become more since it was asked', async () => {
    const world = full();
    await world.subscribe(ann, [APP]);
    world.topics.confirm(own(APP), ANN);
    const { steps } = await world.plan(ann, [APP]);
    expect(steps.map(({ kind: does }) => does)).to.deep.equal(['switch']);
    world.topics.reader(SHARED, BOB);
    const [done] = await applySubscriptions(steps, world.subscribing);
    expect(done).to.deep.include({ status: 'failed' });
    expect(done).to.have.nested.property('failure.kind', 'changed-meanwhile');
    expect(done).to.have.nested.property('failure.message').that.contains(BOB);
    expect(world.topicOf(APP)).to.equal(SHARED);
  });

  it('needs a table to move an account', async () => {
    const world = full();
    const { topicSettings: _none, ...rest } = world.subscribing;
    const plan = await preparePlan(ann, { ...rest, selection: { ...NO_SELECTION, onlyAccounts: [APP] } });
    expect(plan.steps).to.deep.equal([]);
    expect(refused(plan.states)[0]).to.match(/ROTATION_TABLE_NAME is not set/);
  });

  it('adds to what a filter policy has become since it was asked', async () => {
    const world = memorySubscribing(ACCOUNTS);
    world.topics.reader(SHARED, ANN, only(APP));
    const { steps } = await world.plan(ann, [DATA]);
    await world.subscribe(ann, [WEB]);
    await applySubscriptions(steps, world.subscribing);
    for (const id of [APP, DATA, WEB]) expect(world.topics.deliveredTo(SHARED, id)).to.deep.equal([ANN]);
  });

  it('takes nothing from whom somebody has given everything since it was asked', async () => {
    const world = memorySubscribing(ACCOUNTS);
    world.topics.reader(SHARED, ANN, only(APP));
    const { steps } = await world.plan(ann, [DATA]);
    await world.subscribe(ann);
    const done = await applySubscriptions(steps, world.subscribing);
    expect(done.map(({ status }) => status)).to.deep.equal(['done']);
    for (const id of [APP, DATA, WEB, FULL])
      expect(world.topics.deliveredTo(SHARED, id)).to.deep.equal([ANN]);
  });

  it('leaves a filter policy that somebody has replaced since it was asked', async () => {
    const world = memorySubscribing(ACCOUNTS);
    world.topics.reader(SHARED, ANN, only(APP));
    const { steps } = await world.plan(ann, [DATA]);
    const [subscription] = (await world.topics.port.read(SHARED)).subscriptions;
    await world.topics.port.setFilter(subscription?.arn ?? '', byHand as never);
    const [done] = await applySubscriptions(steps, world.subscribing);
    expect(done).to.have.nested.property('failure.kind', 'changed-meanwhile');
  });

  it('does not subscribe to a topic that could not be made, and goes on with the others', async () => {
    const world = full();
    const { steps } = await world.plan(ann, [APP, DATA]);
    const createLike = async (topicArn: string, model: string) => {
      if (topicArn === own(APP)) throw refusal('denied', 'sns:CreateTopic');
      await world.topics.port.createLike(topicArn, model);
    };
    const done = await applySubscriptions(steps, {
      ...world.subscribing,
      topics: { ...world.topics.port, createLike },
    });
    expect(done.map(({ status, step }) => `${status} ${step.kind} ${step.topicArn}`)).to.deep.equal([
      `failed create-topic ${own(APP)}`,
      `skipped subscribe ${own(APP)}`,
      `done create-topic ${own(DATA)}`,
      `done subscribe ${own(DATA)}`,
    ]);
  });
});

describe('subscribing contacts', () => {
  it('takes the address that the organization has of each account; one mailbox takes one filter policy', async () => {
    const world = memorySubscribing(ACCOUNTS);
    const { states: standings } = await world.plan({ contacts: 'organization' });
    await world.subscribe({ contacts: 'organization' });
    expect(world.topics.changes).to.deep.equal([
      'subscribe app@example.com digests',
      'subscribe data@example.com digests',
    ]);
    for (const address of ['app@example.com', 'data@example.com']) world.topics.confirm(SHARED, address);
    expect(world.topics.deliveredTo(SHARED, WEB)).to.deep.equal(['app@example.com']);
    expect(world.topics.deliveredTo(SHARED, DATA)).to.deep.equal(['data@example.com']);
    expect(refused(standings)).to.deep.equal([`${FULL}: AWS Organizations tells no e-mail address of it`]);
  });

  it('takes the alternate contact for security, and names accounts without one', async () => {
    const world = memorySubscribing([...ACCOUNTS, { id: SERVICE }]);
    world.contacts.set(APP, async () => 'sec@example.com');
    world.contacts.set(WEB, () => Promise.reject(refusal('denied', 'account:GetAlternateContact')));
    world.contacts.set(SERVICE, async () => 'own@example.com');
    const { states: standings } = await world.plan({ contacts: 'security' }, [APP, DATA, WEB, SERVICE]);
    await world.subscribe({ contacts: 'security' }, [APP, DATA, WEB, SERVICE]);
    expect(world.topics.changes).to.deep.equal([
      'subscribe sec@example.com digests',
      'subscribe own@example.com digests',
    ]);
    expect(refused(standings)).to.have.length(2);
    expect(refused(standings)[0]).to.equal(`${DATA}: it has no alternate contact for security`);
    expect(refused(standings)[1]).to.match(new RegExp(`^${WEB}: account:GetAlternateContact: `));
  });

  it('never names the account of the caller to the Account API, and always the others', async () => {
    const world = memorySubscribing([{ id: APP }, { id: SERVICE }]);
    const named: (string | undefined)[] = [];
    const security = async (accountId?: string) => void named.push(accountId);
    await world.plan({ contacts: 'security' }, [], { contacts: { security } });
    expect(named).to.deep.equal([APP, undefined]);
  });

  it('subscribes no contact that is no plain address', async () => {
    const world = memorySubscribing([{ id: APP, email: 'a@example.com,b@example.com' }]);
    const { steps, states: standings } = await world.plan({ contacts: 'organization' });
    expect(steps).to.deep.equal([]);
    expect(refused(standings)[0]).to.contain('"a@example.com,b@example.com"');
  });
});

describe('the accounts to subscribe to', () => {
  it('must be in the organization', async () => {
    const error = await caught(memorySubscribing(ACCOUNTS).plan(ann, ['999999999998', APP]));
    expect(error).to.be.instanceOf(InputError);
    expect((error as InputError).problems).to.deep.equal([
      '999999999998: the organization has no such account',
    ]);
  });

  it('are refused by name where they get no digests, and the others go on', async () => {
    const world = memorySubscribing([...ACCOUNTS.slice(0, 2), { id: WEB, state: 'SUSPENDED' }]);
    const selection = { ...NO_SELECTION, onlyAccounts: [APP, DATA, WEB], excludeAccounts: [DATA] };
    const { steps, states: standings } = await world.plan(ann, [], { selection });
    expect(steps.flatMap((step) => (step.kind === 'subscribe' ? [step.filter] : []))).to.deep.equal([
      only(APP),
    ]);
    expect(refused(standings)).to.deep.equal([
      `${DATA}: it gets no digests: excluded by its account id`,
      `${WEB}: it gets no digests: the account is suspended`,
    ]);
  });

  it('are left out in silence where all are meant', async () => {
    const world = memorySubscribing([
      { id: APP, email: 'app@example.com' },
      { id: WEB, state: 'SUSPENDED' },
    ]);
    const { steps, states: standings } = await world.plan({ contacts: 'organization' });
    expect([steps.length, refused(standings)]).to.deep.equal([1, []]);
  });

  it('are refused by name where their settings can not be used', async () => {
    const world = memorySubscribing(ACCOUNTS);
    world.badRows.push({
      target: { level: 'account', accountId: DATA },
      message: 'row account#x: mode must be ...',
    });
    const { steps, states: standings } = await world.plan(ann, [APP, DATA]);
    expect(steps.flatMap((step) => (step.kind === 'subscribe' ? [step.filter] : []))).to.deep.equal([
      only(APP),
    ]);
    expect(refused(standings)).to.deep.equal([`${DATA}: read the settings: row account#x: mode must be ...`]);
  });

  it('are refused by name where their topic can not be read', async () => {
    const world = memorySubscribing(ACCOUNTS);
    await world.subscribing.topicSettings.setTopic(DATA, `${SHARED}-gone`);
    const { steps, states: standings } = await world.plan(ann, [APP, DATA]);
    expect(steps.map(({ topicArn }) => topicArn)).to.deep.equal([SHARED]);
    expect(refused(standings)).to.have.length(1);
    expect(refused(standings)[0]).to.match(new RegExp(`^${DATA}: sns:GetTopicAttributes`));
  });

  it('all of them: everything of the shared topic, and of each topic besides', async () => {
    const world = memorySubscribing(ACCOUNTS);
    world.topics.add(`${SHARED}-data`);
    await world.subscribing.topicSettings.setTopic(DATA, `${SHARED}-data`);
    await world.subscribe(ann);
    expect(world.topics.changes).to.deep.equal([`subscribe ${ANN} digests`, `subscribe ${ANN} digests-data`]);
  });
});
