import type { RunContext } from '../../run/context/run-context.ts';
import { accountsBelow } from '../../run/context/accounts-below.ts';
import type { Input } from '../input/read-input.ts';
import { toPlan } from './compose.ts';

/** An input that names each account of the units, and a run that doesn't list the organization again. */
interface Narrowed {
  readonly input: Input;
  readonly listed: (run: RunContext) => RunContext;
}

/**
 * Narrows what is asked for to the accounts below these units, as they are now. Whoever carries it out, here or the
 * function, gets the ids of the accounts.
 * @throws InputError for units that there aren't, or have no account
 */
export async function narrowedTo(units: readonly string[] | undefined, input: Input): Promise<Narrowed> {
  if (units === undefined) return { input, listed: (run) => run };
  const { settings, request, aws } = input;
  const { directory: all } = await toPlan(settings, request, aws);
  const { accountIds, directory } = await accountsBelow(units, request.accountIds, all);
  return {
    input: { ...input, request: { ...request, accountIds } },
    listed: (run) => ({ ...run, directory }),
  };
}
