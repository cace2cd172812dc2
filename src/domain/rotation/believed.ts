import { definedOnly } from '../defined-only.ts';
import type { Instant } from '../time.ts';
import type { KeyMemory } from './key.ts';
import { CLOCK_SKEW } from './predicates.ts';

/** What the ledger says of a key, without the moments that can't be true. */
export interface Believed {
  readonly memory: KeyMemory;
  /** The names of the fields that were left out; empty when everything is believed. */
  readonly disbelieved: readonly (keyof KeyMemory)[];
}

/**
 * Nothing has happened in the future: a moment further ahead than clocks differ would hold up what depends
 * on it for years, or let it through. A date that a notice names may well be in the future.
 */
export function believed(memory: KeyMemory, now: Instant): Believed {
  const happened = (at: Instant) => at <= now + CLOCK_SKEW;
  const moment = (at: Instant | undefined) => (at === undefined || happened(at) ? at : undefined);
  const { notices, reactivations, told } = memory;
  const kept: Partial<Record<keyof KeyMemory, unknown>> = {
    ...memory,
    deliveredAt: moment(memory.deliveredAt),
    inactiveSince: moment(memory.inactiveSince),
    reactivatedAt: moment(memory.reactivatedAt),
    reactivations: reactivations?.every(happened) === true ? reactivations : reactivations?.filter(happened),
    notices: notices?.every(({ firstAt, lastAt }) => happened(firstAt) && happened(lastAt))
      ? notices
      : notices?.filter(({ firstAt, lastAt }) => happened(firstAt) && happened(lastAt)),
    told: told !== undefined && happened(told.at) ? told : undefined,
  };
  const disbelieved = (Object.keys(memory) as (keyof KeyMemory)[]).filter(
    (name) => kept[name] !== memory[name],
  );
  return disbelieved.length === 0
    ? { memory, disbelieved }
    : { memory: definedOnly(kept), disbelieved };
}
