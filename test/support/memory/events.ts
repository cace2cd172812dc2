import type { Event } from '../../../src/domain/report/event.ts';
import type { EventSink } from '../../../src/run/ports/messaging.ts';

export interface RecordingEvents extends EventSink {
  /** What was accepted, in order. */
  readonly accepted: readonly Event[];
}

export function recordingEvents(): RecordingEvents {
  const accepted: Event[] = [];
  return {
    accepted,
    put: async (events) => {
      accepted.push(...events);
    },
  };
}

export const noEvents = (): readonly Event[] => [];
