import pLimit from 'p-limit';
import { SECOND, type Duration, type Instant } from '../../domain/time.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { Notifier, PlaintextSender } from '../../run/ports/messaging.ts';

/**
 * Messages a second to one topic. SNS disables a subscription by e-mail that gets more than 10 a second
 * (https://repost.aws/knowledge-center/sns-email-subscription-disabled); half of it leaves room for
 * another run, and for what the SDK sends again.
 */
const PER_SECOND = 5;

/** Between two messages to one topic. */
export const INTERVAL: Duration = SECOND / PER_SECOND;

/** Resolves when the next message may be sent. */
export type Pace = () => Promise<void>;

/** Spaces messages evenly, in the order in which they were asked for. */
export function pace({ now, sleep }: Clock, interval = INTERVAL): Pace {
  const oneAtATime = pLimit(1);
  let last: Instant = -Infinity;
  return () =>
    oneAtATime(async () => {
      const left = last + interval - now();
      if (left > 0) await sleep(Math.min(left, interval)); // the clock may have been set back
      last = now();
    });
}

export const pacedNotifier = ({ publish }: Notifier, turn: Pace): Notifier => ({
  publish: async (notification) => {
    await turn();
    await publish(notification);
  },
});

export const pacedPlaintext = ({ hasEmailReaders, send }: PlaintextSender, turn: Pace): PlaintextSender => ({
  hasEmailReaders,
  send: async (...about) => {
    await turn();
    await send(...about);
  },
});
