import type { ReaderLookup } from '../../../src/run/ports/messaging.ts';

type Answer = Awaited<ReturnType<ReaderLookup['of']>>;

export interface MemoryReaders {
  readonly port: ReaderLookup;
  /** Who receives what is published to a topic; until it is set, somebody does. */
  set(topicArn: string, readers: Answer): void;
}

export function memoryReaders(): MemoryReaders {
  const ofTopics = new Map<string, Answer>();
  return {
    port: {
      of: async (topicArn) => ofTopics.get(topicArn) ?? 'somebody',
      failureOf: () => undefined,
    },
    set: (topicArn, readers) => {
      ofTopics.set(topicArn, readers);
    },
  };
}

/** As the service looks them up: once per topic and run, and what was not known then stays unknown. */
export function lookedUpOnce(of: ReaderLookup['of']): ReaderLookup['of'] {
  const known = new Map<string, Promise<Answer>>();
  return async (topicArn, message) => {
    const reading = known.get(topicArn) ?? of(topicArn, message);
    known.set(topicArn, reading);
    return await reading;
  };
}
