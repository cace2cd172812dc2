import { expect } from 'chai';
import fc from 'fast-check';
import { FILTERS_WE_USE } from '../../../src/domain/subscriptions/subscription.ts';
import { DAY, HOUR, type Instant } from '../../../src/domain/time.ts';
import { intercepted } from '../../support/memory/intercept.ts';
import { memorySubscribing, type MemorySubscribing } from '../../support/memory/subscribing.ts';
import { applySubscriptions } from '../../../src/run/subscribe/apply.ts';
import { ANN, APP, BOB, DATA, only, OPS, SHARED, WEB } from '../../support/subscriptions.ts';

const ACCOUNTS = [APP, DATA, WEB];
const FULL = '111111111199';

/** What administrators, readers and time do. */
type Event =
  | { readonly what: 'ask'; readonly address: string; readonly accountIds: readonly string[] }
  | { readonly what: 'confirm'; readonly which: number }
  | { readonly what: 'confirm-all' }
  /** Two days without a click. */
  | { readonly what: 'drop' }
  | { readonly what: 'pass'; readonly hours: number };

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('ask' as const),
      address: fc.constantFrom(ANN, BOB, OPS),
      accountIds: fc.subarray(ACCOUNTS),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('confirm' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.constant({ what: 'confirm-all' as const }) },
  { weight: 1, arbitrary: fc.constant({ what: 'drop' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 40 }) }),
  },
);

/** Who has got an account's digests from a topic, and when a run last knew no other topic for it. */
interface Reached {
  readonly readers: Set<string>;
  lastUsedAt: Instant;
}

/** Checks, between any two changes, that nobody gets less than before. */
function observe(world: MemorySubscribing) {
  const reached = new Map(ACCOUNTS.map((id) => [id, new Map<string, Reached>()]));
  let everybody = new Map<string, ReadonlySet<string>>();
  return () => {
    for (const [accountId, byTopic] of reached) {
      const current = world.topicOf(accountId);
      const now = byTopic.get(current) ?? { readers: new Set(), lastUsedAt: world.now };
      now.lastUsedAt = world.now;
      byTopic.set(current, now);
      for (const one of everybody.get(accountId) ?? []) now.readers.add(one);
      for (const [topicArn, { readers, lastUsedAt }] of byTopic) {
        // A run that began a while ago publishes where the settings sent it then.
        if (world.now - lastUsedAt >= DAY) continue;
        expect(world.topics.deliveredTo(topicArn, accountId)).to.include.members([...readers]);
      }
      for (const one of world.topics.deliveredTo(current, accountId)) now.readers.add(one);
      everybody = new Map([...everybody, [accountId, new Set(now.readers)]]);
    }
  };
}

async function happen(event: Event, world: MemorySubscribing, check: () => void): Promise<void> {
  switch (event.what) {
    case 'ask': {
      const { subscribing } = world;
      const { steps } = await world.plan({ address: event.address }, event.accountIds);
      const watched = async (_call: unknown, proceed: () => Promise<unknown>) => {
        const answer = await proceed();
        check();
        return answer;
      };
      const topics = intercepted('topics', subscribing.topics, watched);
      const topicSettings = intercepted('settings', subscribing.topicSettings, watched);
      const done = await applySubscriptions(steps, { ...subscribing, topics, topicSettings });
      for (const one of done) if (one.status === 'failed') throw new Error(JSON.stringify(one));
      // Asked again at once, there is nothing that was not done.
      const again = await world.plan({ address: event.address }, event.accountIds);
      expect(again.steps.filter(({ kind: does }) => does !== 'switch' && does !== 'narrow')).to.deep.equal(
        [],
      );
      return;
    }
    case 'confirm': {
      const waiting = world.topics.waiting();
      const one = waiting[event.which % Math.max(1, waiting.length)];
      if (one !== undefined) world.topics.confirm(one.topicArn, one.endpoint);
      return;
    }
    case 'confirm-all':
      for (const { topicArn, endpoint } of world.topics.waiting()) world.topics.confirm(topicArn, endpoint);
      return;
    case 'drop':
      world.now += 2 * DAY;
      world.topics.dropUnconfirmed();
      return;
    case 'pass':
      world.now += event.hours * HOUR;
  }
}

describe('whoever subscribes whom, and whoever confirms when', function () {
  let moves = 0;
  let narrowed = 0;

  it('nobody who gets an account’s digests ever stops getting them', async () => {
    const history = fc.record({
      fillers: fc.integer({ min: FILTERS_WE_USE - 2, max: FILTERS_WE_USE }),
      opsHasEverything: fc.boolean(),
      events: fc.array(anyEvent, { minLength: 5, maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ fillers, opsHasEverything, events }) => {
        const world = memorySubscribing([...ACCOUNTS, FULL].map((id) => ({ id })));
        for (let index = 0; index < fillers; index += 1) {
          world.topics.reader(SHARED, `reader-${index}@example.com`, only(FULL));
        }
        if (opsHasEverything) world.topics.reader(SHARED, OPS);
        const check = observe(world);
        check();
        for (const event of events) {
          await happen(event, world, check);
          check();
        }
        moves += ACCOUNTS.filter((id) => world.topicOf(id) !== SHARED).length;
        narrowed += world.topics.changes.filter((change) =>
          /^(unsubscribe|filter .+ digests$)/.test(change),
        ).length;
      }),
      { numRuns: 300 },
    );
    // Otherwise the promise would have been kept by doing nothing.
    expect(moves, 'accounts that moved').to.be.greaterThan(20);
    expect(narrowed, 'filter policies changed').to.be.greaterThan(20);
  });

  it('everybody gets what was asked for, once all have confirmed and it was asked again', async () => {
    const asks = fc.array(
      fc.record({
        address: fc.constantFrom(ANN, BOB, OPS),
        accountIds: fc.subarray(ACCOUNTS, { minLength: 1 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(
        asks,
        fc.integer({ min: FILTERS_WE_USE - 2, max: FILTERS_WE_USE }),
        async (wishes, fillers) => {
          const world = memorySubscribing([...ACCOUNTS, FULL].map((id) => ({ id })));
          for (let index = 0; index < fillers; index += 1) {
            world.topics.reader(SHARED, `reader-${index}@example.com`, only(FULL));
          }
          for (let round = 0; round < 5; round += 1) {
            for (const { address, accountIds } of wishes) {
              await world.subscribe({ address }, accountIds);
              for (const { topicArn, endpoint } of world.topics.waiting())
                world.topics.confirm(topicArn, endpoint);
            }
          }
          for (const { address, accountIds } of wishes) {
            for (const id of accountIds) {
              expect(world.topics.deliveredTo(world.topicOf(id), id)).to.include(address);
            }
            expect((await world.plan({ address }, accountIds)).steps).to.deep.equal([]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
