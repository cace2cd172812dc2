import { OperationError } from '../../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';

/** A change in flight has its answer within this time as a rule, and then leaves nothing to recover. */
const TIME_FOR_CHANGES = 300;

export interface InterruptibleLedger {
  readonly ledger: Ledger;
  /**
   * Begins nothing any more, waits a moment for what is being changed, and gives all accounts back.
   * What was begun and has no result by then is what the next run recovers. Never throws.
   * @returns how many accounts were given back
   */
  interrupt(): Promise<number>;
}

/** A ledger for a process that somebody may end at any time: it knows which accounts it holds. */
export function interruptible(ledger: Ledger, clock: Pick<Clock, 'sleep'>): InterruptibleLedger {
  const held = new Map<string, () => Promise<void>>();
  const open = new Set<string>();
  let isInterrupted = false;
  let nothingIsOpen = (): void => undefined;

  const refuseIfInterrupted = () => {
    if (isInterrupted) throw interrupted();
  };
  const begin = async (change: string, write: () => Promise<void>) => {
    refuseIfInterrupted();
    open.add(change);
    await write();
  };
  const end = async (change: string, write: Promise<void>) => {
    await write;
    open.delete(change);
    if (open.size === 0) nothingIsOpen();
  };
  const keyOf = (accountId: string, id: string | undefined) => `${accountId}/${id ?? ''}`;

  return {
    ledger: {
      ...ledger,
      acquireLease: async (accountId, runId, until, now) => {
        refuseIfInterrupted();
        const asked = ledger.acquireLease(accountId, runId, until, now);
        // Held from here on: it may be granted after the interruption.
        held.set(accountId, async () => {
          await asked.catch(() => undefined);
          await ledger.releaseLease(accountId, runId);
        });
        const answer = await asked;
        if (answer.kind === 'held') held.delete(accountId);
        return answer;
      },
      releaseLease: async (accountId, runId) => {
        await ledger.releaseLease(accountId, runId);
        held.delete(accountId);
      },
      openIntent: (accountId, intent) =>
        begin(keyOf(accountId, intent.userName), () => ledger.openIntent(accountId, intent)),
      closeIntent: (accountId, intent, entry) =>
        end(keyOf(accountId, intent.userName), ledger.closeIntent(accountId, intent, entry)),
      recordDelivery: (accountId, intent, accessKeyId, entry) =>
        end(keyOf(accountId, intent.userName), ledger.recordDelivery(accountId, intent, accessKeyId, entry)),
      markChangePending: (accountId, change) =>
        begin(keyOf(accountId, change.accessKeyId), () => ledger.markChangePending(accountId, change)),
      recordChange: (accountId, change, since) =>
        end(keyOf(accountId, change.accessKeyId), ledger.recordChange(accountId, change, since)),
      dropPendingChange: (accountId, change) =>
        end(keyOf(accountId, change.accessKeyId), ledger.dropPendingChange(accountId, change)),
    },
    interrupt: async () => {
      isInterrupted = true;
      if (open.size > 0) {
        const ended = new Promise<void>((resolve) => (nothingIsOpen = resolve));
        await Promise.race([ended, clock.sleep(TIME_FOR_CHANGES)]);
      }
      const givenBack = await Promise.allSettled([...held.values()].map((release) => release()));
      return givenBack.filter(({ status }) => status === 'fulfilled').length;
    },
  };
}

const interrupted = () =>
  new OperationError({
    kind: 'lease-lost',
    during: 'go on',
    message: 'the run was interrupted',
    nextStep: 'Run it again: it recovers what was begun.',
  });
