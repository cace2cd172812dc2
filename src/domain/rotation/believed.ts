import { definedOnly } from '../defined-only.ts';
import { CLOCK_SKEW, type Instant } from '../time.ts';
import type { KeyMemory } from './key.ts';

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
  const moment = (at: Instant | undefined) => (at !== undefined && happened(at) ? at : undefined);
  const all = <Of>(list: readonly Of[] | undefined, when: (one: Of) => boolean) =>
    list?.every(when) === true ? list : list?.filter(when);
  const { deliveredAt, inactiveSince, reactivatedAt, reactivations, notices, told, testDenied, ...rest } =
    memory;
  const kept = {
    deliveredAt: moment(deliveredAt),
    inactiveSince: moment(inactiveSince),
    reactivatedAt: moment(reactivatedAt),
    reactivations: all(reactivations, happened),
    notices: all(notices, ({ firstAt, lastAt }) => happened(firstAt) && happened(lastAt)),
    testDenied: testDenied !== undefined && happened(testDenied.at) ? testDenied : undefined,
    told: told !== undefined && happened(told.at) ? told : undefined,
  };
  const names = Object.keys(kept) as (keyof typeof kept)[];
  return {
    memory: { ...rest, ...definedOnly(kept) },
    disbelieved: names.filter((name) => kept[name] !== memory[name]),
  };
}
