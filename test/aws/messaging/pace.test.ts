import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { pace, pacedNotifier, pacedPlaintext } from '../../../src/aws/messaging/pace.ts';
import { SECOND, type Instant } from '../../../src/domain/time.ts';
import { account, T0 } from '../../support/builders.ts';
import { virtualClock, type VirtualClock } from '../../support/memory/clock.ts';

const MESSAGE = { subject: 's', text: 't', json: '{}', attributes: {} };
const KEY = { id: 'AKIA1', secret: 's', status: 'active', createdAt: T0 } as const;

/** The most of them within one second, wherever that begins. */
const mostInASecond = (moments: readonly Instant[]): number =>
  Math.max(...moments.map((begin) => moments.filter((at) => at >= begin && at < begin + SECOND).length));

describe('what is published to one topic', () => {
  let clock: VirtualClock;
  let sent: Instant[];
  beforeEach(() => {
    const { sleep, ...virtual } = virtualClock(T0);
    // Time goes on only when everything else has been done.
    clock = { ...virtual, sleep: (duration) => setImmediate().then(() => sleep(duration)) };
    sent = [];
  });
  const notifier = {
    publish: async () => {
      sent.push(clock.now());
    },
  };
  const many = (count: number) => Array.from({ length: count }, () => MESSAGE);

  it('goes out at once when it is the only thing', async () => {
    await pacedNotifier(notifier, pace(clock)).publish(MESSAGE);
    expect([sent, clock.slept]).to.deep.equal([[T0], []]);
  });

  it('never is more than 5 messages in a second, of 120 digests that are ready at once', async () => {
    const paced = pacedNotifier(notifier, pace(clock));
    await Promise.all(many(120).map((message) => paced.publish(message)));
    expect(sent).to.have.length(120);
    expect(mostInASecond(sent)).to.equal(5);
    expect((sent.at(-1) ?? 0) - T0).to.equal(119 * 0.2 * SECOND);
  });

  it('waits only for what is left of a turn', async () => {
    const paced = pacedNotifier(notifier, pace(clock));
    await paced.publish(MESSAGE);
    clock.pass(150);
    await paced.publish(MESSAGE);
    clock.pass(SECOND);
    await paced.publish(MESSAGE);
    expect(clock.slept).to.deep.equal([50]);
  });

  it('shares the pace with secrets that are sent in plain text', async () => {
    const turn = pace(clock);
    const paced = pacedNotifier(notifier, turn);
    const sender = { hasEmailReaders: async () => true, send: notifier.publish };
    const plaintext = pacedPlaintext(sender, turn);
    await Promise.all(
      many(6).flatMap((message) => [
        paced.publish(message),
        plaintext.send(account(), { userName: 'ann' }, KEY),
      ]),
    );
    expect([sent.length, mostInASecond(sent)]).to.deep.equal([12, 5]);
    expect(await plaintext.hasEmailReaders()).to.equal(true);
  });

  it('goes on after one that was refused', async () => {
    let refused = false;
    const failing = {
      publish: async () => {
        if (refused) return notifier.publish();
        refused = true;
        throw new Error('refused');
      },
    };
    const paced = pacedNotifier(failing, pace(clock));
    const results = await Promise.allSettled(many(2).map((message) => paced.publish(message)));
    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled']);
  });

  it('does not wait for an hour when the clock is set back by one', async () => {
    const paced = pacedNotifier(notifier, pace(clock));
    await paced.publish(MESSAGE);
    clock.pass(-3600 * SECOND);
    await paced.publish(MESSAGE);
    expect(clock.slept).to.deep.equal([200]);
  });
});
