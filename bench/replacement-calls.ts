import { combined, type CallsByAction } from '../test/support/calls-by-action.ts';
import type { Emulator } from '../test/support/emulator/emulator.ts';
import { ofDue } from './measure-calls.ts';

/** What one more user whose key is due adds to a run, but for what tells that the key is due. */
export interface ReplacementCalls {
  readonly first: CallsByAction;
  /** The same users, when the keys that they got are due. */
  readonly next: CallsByAction;
}

/** Every user with an old key is looked at with one of each. */
const LOOK: CallsByAction = { 'iam:GetAccessKeyLastUsed': 1, 'iam:ListAccessKeys': 1 };
const [FEWER, MORE] = [10, 20];

export async function replacementCalls(emulator: Emulator): Promise<ReplacementCalls> {
  const fewer = await ofDue(emulator, { accounts: 1, users: FEWER });
  const more = await ofDue(emulator, { accounts: 1, users: MORE });
  const oneMore = (when: keyof ReplacementCalls) =>
    combined([more[when], fewer[when], LOOK], (most = 0, least = 0, look = 0) =>
      // A last use is not asked for where the report tells enough.
      Math.max(0, (most - least) / (MORE - FEWER) - look),
    );
  return { first: oneMore('first'), next: oneMore('next') };
}
