import type { AwsSettings } from '../aws/client/config.ts';
import { lazy } from '../aws/client/lazy.ts';
import type { Clock } from '../run/ports/clock.ts';
import type { EventSink, Notifier, PlaintextSender } from '../run/ports/messaging.ts';

/* What is sent to people and to other systems. A run that sends nothing loads none of it. */

export const notifierTo = (aws: AwsSettings): ((topicArn: string) => Notifier) =>
  once((topicArn) =>
    lazy<Notifier>(['publish'], async () =>
      (await import('../aws/messaging/notifier.ts')).snsNotifier(aws, topicArn),
    ),
  );

export const plaintextTo = (aws: AwsSettings): ((topicArn: string) => PlaintextSender) =>
  once((topicArn) =>
    lazy<PlaintextSender>(['hasEmailReaders', 'send'], async () =>
      (await import('../aws/messaging/plaintext-sender.ts')).snsPlaintext(aws, topicArn),
    ),
  );

export const eventSink = (aws: AwsSettings, sleep: Clock['sleep']): EventSink =>
  lazy<EventSink>(['put'], async () =>
    (await import('../aws/messaging/event-sink.ts')).eventBridgeSink(aws, sleep),
  );

/** The same answer for the same name, so that a topic is asked about once a run. */
function once<Value>(make: (name: string) => Value): (name: string) => Value {
  const made = new Map<string, Value>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(name);
    made.set(name, value);
    return value;
  };
}
