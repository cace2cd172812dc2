import type { UsageEvent } from '../../../src/domain/usage/usage.ts';
import type { KeyUsage } from '../../../src/run/ports/usage.ts';

/** An event history, as tests fill it. */
export interface MemoryUsage {
  readonly port: KeyUsage;
  /** What was signed with a key; the region is that of each event. */
  record(accessKeyId: string, ...events: readonly UsageEvent[]): void;
}

const PAGE = 50;

/** @param ownRegion that of the deployment */
export function memoryUsage(ownRegion = 'eu-central-1'): MemoryUsage {
  const recorded: { readonly accessKeyId: string; readonly event: UsageEvent }[] = [];
  return {
    record: (accessKeyId, ...events) => {
      recorded.push(...events.map((event) => ({ accessKeyId, event })));
    },
    port: {
      of: async (accessKeyId, { region = ownRegion, since, pages }) => {
        const events = recorded
          .filter((one) => one.accessKeyId === accessKeyId)
          .map(({ event }) => event)
          .filter((event) => event.region === region && event.at >= since)
          .sort((one, two) => two.at - one.at);
        return { events: events.slice(0, pages * PAGE), region, isComplete: events.length <= pages * PAGE };
      },
    },
  };
}
