import { expect } from 'chai';
import { eventBridgeSink } from '../../../src/aws/messaging/event-sink.ts';
import type { Event } from '../../../src/domain/report/event.ts';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { callsOf, failureOf, FIRST_MEMBER, MANAGEMENT } from '../support.ts';

const action = 'events:PutEvents';
const eventWith = (message: string): Event => ({
  type: 'Access Key Replaced',
  detail: {
    schemaVersion: 1,
    runId: 'run-1',
    mode: 'enforce',
    accountId: FIRST_MEMBER,
    accountName: 'app',
    userName: 'ann',
    reason: 'due',
    message,
  },
});
const many = (count: number) => Array.from({ length: count }, (_, index) => eventWith(`event ${index}`));
const KB = 1024;

describe('the sink of events', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let waits: number[];
  const sink = async (seed: Partial<OrganizationSeed> = {}) => {
    world = await createWorld(emulator(), { accounts: [], ...seed });
    waits = [];
    return eventBridgeSink(world.aws, async (duration) => {
      waits.push(duration);
    });
  };
  const messages = async () => (await emulator().events()).map(({ detail }) => detail['message'] as string);
  const calls = async () => (await callsOf(emulator(), action)).length;

  it('puts them on the default bus of the service, as rules look for them', async () => {
    const event = eventWith('The key of ann was replaced.');
    await (await sink()).put([event]);
    expect(await emulator().events()).to.deep.equal([
      {
        accountId: MANAGEMENT,
        source: 'access-key-rotation',
        detailType: 'Access Key Replaced',
        detail: event.detail,
        resources: [],
      },
    ]);
  });

  for (const [count, expected] of [
    [0, 0],
    [1, 1],
    [10, 1],
    [11, 2],
    [35, 4],
  ] as const) {
    it(`takes ${count} events in ${expected} calls`, async () => {
      await (await sink()).put(many(count));
      expect(await messages()).to.deep.equal(many(count).map(({ detail }) => detail.message));
      expect(await calls()).to.equal(expected);
    });
  }

  it('asks AWS for less than 256 KB at once', async () => {
    await (await sink()).put(Array.from({ length: 6 }, () => eventWith('x'.repeat(100 * KB))));
    expect(await messages()).to.have.length(6);
    expect(await calls()).to.equal(3);
  });

  for (const [title, letter] of [
    ['letters of one byte', 'x'],
    ['letters of four bytes', '🔑'],
    ['quotes, which take two', '"'],
  ] as const) {
    it(`cuts the message of an event that is too large, of ${title}`, async () => {
      await (await sink()).put([eventWith(`It is old. ${letter.repeat(300 * KB)}`), eventWith('next')]);
      const [cut = '', next] = await messages();
      expect(cut)
        .to.match(/^It is old\. /)
        .and.to.match(/…$/);
      expect(next).to.equal('next');
    });
  }

  it('sends those again that AWS has not taken, and only those', async () => {
    const put = await sink();
    await emulator().inject({ action, kind: 'partial', times: 1 });
    await put.put(many(3));
    expect(await messages()).to.deep.equal(['event 1', 'event 2', 'event 0']);
    expect(await calls()).to.equal(2);
    expect(waits).to.deep.equal([1000]);
  });

  it('gives up after four tries, and says how many and why', async () => {
    const put = await sink();
    await emulator().inject({ action, kind: 'partial' });
    const failure = await failureOf(put.put(many(13)));
    expect(failure).to.include({ kind: 'throttled', during: action });
    expect(failure.message).to.contain('1 of 13').and.to.contain('ThrottlingException');
    expect(waits).to.deep.equal([1000, 2000, 4000]);
    expect(await messages()).to.have.length(12);
  });

  it('loses none when a call is answered with an error first', async () => {
    const put = await sink();
    await emulator().inject({ action, kind: 'reset', times: 1 });
    await put.put(many(2));
    expect(await messages()).to.have.length(2);
  });

  it('says so when it may not put any', async () => {
    const policy = { Statement: { Effect: 'Deny', Action: 'events:*', Resource: '*' } };
    const failure = await failureOf((await sink({ service: { policy } })).put(many(1)));
    expect(failure).to.include({ kind: 'denied', during: action });
    expect(failure.nextStep).to.contain('events:PutEvents');
    expect(await messages()).to.deep.equal([]);
  });
});
