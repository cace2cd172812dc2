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
import { counted } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { ask, kindOf } from '../client/errors.ts';

/** What AWS takes in one call: ten entries, and less than 256 KB. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024 - 1;

const TRY_AGAIN_AFTER = [1, 2, 4].map((seconds) => seconds * SECOND);

/** Puts events on the default bus of the service's region. Some may arrive twice. */
export function eventBridgeSink(settings: AwsSettings, sleep: Clock['sleep']): EventSink {
  const client = counted(new EventBridgeClient(clientConfig(settings)), settings.counts);
  const send = async (entries: readonly PutEventsRequestEntry[]): Promise<readonly Untaken[]> => {
    const untaken: Untaken[] = [];
    for (const batch of batchesOf(entries)) {
      const command = new PutEventsCommand({ Entries: [...batch] });
      const { Entries = [] } = await ask('events:PutEvents', () => client.send(command), special);
      untaken.push(...batch.flatMap((entry, index) => notTaken(entry, Entries[index])));
    }
    return untaken;
  };
  return {
    put: async (events) => {
      let untaken = await send(events.map(entryOf));
      for (const wait of TRY_AGAIN_AFTER) {
        if (untaken.length === 0) return;
        await sleep(wait);
        untaken = await send(untaken.map(({ entry }) => entry));
      }
      if (untaken.length > 0) throw undelivered(untaken, events.length);
    },
  };
}

const special = {
  denied: 'Allow events:PutEvents on the default event bus to the role of the service.',
};

/** An entry that AWS has not taken though it has taken the call. */
interface Untaken {
  readonly entry: PutEventsRequestEntry;
  readonly code: string;
}

/** What has an id was taken; so an answer that is too short leaves the rest to be sent again. */
const notTaken = (
  entry: PutEventsRequestEntry,
  { EventId, ErrorCode }: PutEventsResultEntry = {},
): readonly Untaken[] =>
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
  return entry(cut(detail.message, over));
}

/** Shorter by so many bytes of JSON, and whole letters. */
function cut(message: string, bytes: number): string {
  const size = (text: string) => Buffer.byteLength(JSON.stringify(text));
  let room = size(message) - bytes - size('…');
  let end = 0;
  for (const letter of message) {
    room -= size(letter) - size('');
    if (room < 0) break;
    end += letter.length;
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

function undelivered(untaken: readonly Untaken[], all: number): OperationError {
  const codes = [...new Set(untaken.map(({ code }) => code))].sort();
  return new OperationError({
    kind: kindOf({ name: codes[0] }),
    during: 'events:PutEvents',
    message: `${untaken.length} of ${all} events were not taken, after ${TRY_AGAIN_AFTER.length + 1} tries (${codes.join(', ')})`,
    nextStep: 'What they tell is in the report of the run and in the digests, too.',
  });
}
