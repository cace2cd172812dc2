import type { Fault } from '../support/emulator/emulator.ts';
import type { Target } from './target.ts';

/** How a call fails. */
export interface Trouble {
  readonly title: string;
  readonly how: Omit<Fault, 'action' | 'accountId' | 'match'>;
  /** For lists only. */
  readonly paged?: true;
}

/** Where calls come too late, a run waits no longer than this; production waits 15 seconds. */
export const REQUEST_TIMEOUT = 1000;

/** After the client has given up, the call has its effect all the same. */
const late = { kind: 'delay', delayMs: 2 * REQUEST_TIMEOUT } as const;
const throttled = { kind: 'error', code: 'ThrottlingException' } as const;
const afterwards = { kind: 'reset', when: 'after' } as const;

export const TROUBLES: readonly Trouble[] = [
  { title: 'denied', how: { kind: 'error', code: 'AccessDeniedException', httpStatus: 403 } },
  { title: 'throttled once', how: { ...throttled, times: 1 } },
  { title: 'throttled five times', how: { ...throttled, times: 5 } },
  { title: 'throttled for ever', how: throttled },
  { title: 'broken (500)', how: { kind: 'error', code: 'InternalFailure', httpStatus: 500 } },
  { title: 'cut off once, after the effect', how: { ...afterwards, times: 1 } },
  { title: 'cut off for ever, after the effect', how: afterwards },
  { title: 'too late once', how: { ...late, times: 1 } },
  { title: 'too late for ever', how: late },
  { title: 'garbled', how: { kind: 'malformed' } },
  { title: 'garbled once, after the effect', how: { kind: 'malformed', when: 'after', times: 1 } },
  { title: 'an empty page first', how: { kind: 'empty-page', times: 1 }, paged: true },
  { title: 'a page that comes twice', how: { kind: 'repeat-page', times: 1 }, paged: true },
  { title: 'a page that leads to itself', how: { kind: 'repeat-page' }, paged: true },
];

export interface Cell {
  readonly target: Target;
  readonly trouble: Trouble;
}

export const cellsOf = (targets: readonly Target[], troubles: readonly Trouble[]): readonly Cell[] =>
  targets.flatMap((target) =>
    troubles
      .filter(({ paged }) => paged === undefined || target.paged === true)
      .map((trouble) => ({ target, trouble })),
  );
