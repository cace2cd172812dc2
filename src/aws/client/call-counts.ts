import { kindOf } from './errors.ts';

/** Requests as they are sent, repeated ones included. Counted up while a run goes on. */
export interface CallCounts {
  calls: number;
  throttles: number;
}

interface Countable {
  readonly middlewareStack: {
    // The SDK types the stack by all inputs and outputs of its service, which don't matter here.
    add(middleware: never, options: { step: 'finalizeRequest'; priority: 'low'; name: string }): void;
  };
}

/** Counts every attempt of every call of a client, where there is something to count with. */
export function countCalls<Client extends Countable>(client: Client, counts: CallCounts | undefined): Client {
  if (counts === undefined) return client;
  const count = (next: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
    counts.calls += 1;
    try {
      return await next(args);
    } catch (error) {
      if (kindOf(error) === 'throttled') counts.throttles += 1;
      throw error;
    }
  };
  // A low priority comes after the SDK's own retries, so each attempt passes here.
  client.middlewareStack.add(count as never, {
    step: 'finalizeRequest',
    priority: 'low',
    name: 'countCalls',
  });
  return client;
}

/** The same for a call that is made without a client of the SDK. */
export function countAttempt(counts: CallCounts | undefined, isThrottled: boolean): void {
  if (counts === undefined) return;
  counts.calls += 1;
  if (isThrottled) counts.throttles += 1;
}
