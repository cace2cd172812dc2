import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { OperationError } from '../../domain/errors.ts';
import { EVENT_SOURCE, type Event } from '../../domain/report/event.ts';
import { SECOND } from '../../domain/time.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { EventSink } from '../../run/ports/messaging.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { ask, kindOf } from '../client/errors.ts';

/** What AWS takes in one call: ten entries, and less than 256 KB. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024 - 1;

const RETRY_DELAYS = [1, 2, 4].map((seconds) => seconds * SECOND);

/** Puts events on the default bus of the service's region. Some may arrive twice. */
export function eventBridgeSink(settings: AwsSettings, sleep: Clock['sleep']): EventSink {
  const client = countCalls(new EventBridgeClient(clientConfig(settings)), settings.counts);
  const send = async (entries: readonly PutEventsRequestEntry[]): Promise<readonly FailedEntry[]> => {
    const failed: FailedEntry[] = [];
    for (const batch of batchesOf(entries)) {
      const command = new PutEventsCommand({ Entries: [...batch] });
      const { Entries = [] } = await ask('events:PutEvents', () => client.send(command), special);
      failed.push(...batch.flatMap((entry, index) => failedEntry(entry, Entries[index])));
    }
    return failed;
  };
  return {
    put: async (events) => {
      let failed = await send(events.map(entryOf));
      for (const wait of RETRY_DELAYS) {
        if (failed.length === 0) return;
        await sleep(wait);
        failed = await send(failed.map(({ entry }) => entry));
      }
      if (failed.length > 0) throw undelivered(failed, events.length);
    },
  };
}

const special = {
  denied: 'Allow events:PutEvents on the default event bus to the role of the service.',
};

/** An entry that failed in a call that succeeded: PutEvents answers entry by entry. */
interface FailedEntry {
  readonly entry: PutEventsRequestEntry;
  readonly code: string;
}

/** Only what has an id was accepted, so entries that a short answer says nothing about are sent again. */
const failedEntry = (
  entry: PutEventsRequestEntry,
  { EventId, ErrorCode }: PutEventsResultEntry = {},
): readonly FailedEntry[] =>
  EventId !== undefined && ErrorCode === undefined ? [] : [{ entry, code: ErrorCode ?? 'no answer' }];

function entryOf({ type, detail }: Event): PutEventsRequestEntry {
  const entry = (message: string) => ({
    Source: EVENT_SOURCE,
    DetailType: type,
    Detail: JSON.stringify({ ...detail, message }),
    Resources: [],
  });
  const whole = entry(detail.message);
  const over = sizeOf(whole) - MOST_BYTES;
  if (over <= 0) return whole;
  return entry(shortened(detail.message, over));
}

/** The message without so many bytes of its JSON, cut between characters. */
function shortened(message: string, bytes: number): string {
  const size = (text: string) => Buffer.byteLength(JSON.stringify(text));
  let room = size(message) - bytes - size('…');
  let end = 0;
  for (const character of message) {
    room -= size(character) - size('');
    if (room < 0) break;
    end += character.length;
  }
  return `${message.slice(0, end)}…`;
}

/** As AWS counts it. */
const sizeOf = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number =>
  [Source, DetailType, Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

function batchesOf(entries: readonly PutEventsRequestEntry[]): readonly (readonly PutEventsRequestEntry[])[] {
  const batches: PutEventsRequestEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    const last = batches.at(-1);
    if (last !== undefined && last.length < MOST_ENTRIES && size <= room) last.push(entry);
    else {
      batches.push([entry]);
      room = MOST_BYTES;
    }
    room -= size;
  }
  return batches;
}

function undelivered(failed: readonly FailedEntry[], all: number): OperationError {
  const codes = [...new Set(failed.map(({ code }) => code))].sort();
  return new OperationError({
    kind: kindOf({ name: codes[0] }),
    during: 'events:PutEvents',
    message: `${failed.length} of ${all} events were not taken, after ${RETRY_DELAYS.length + 1} tries (${codes.join(', ')})`,
    nextStep: 'What they tell is in the report of the run and in the digests, too.',
  });
}
