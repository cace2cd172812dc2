import { composeSubscribe } from '../../compose/subscribe.ts';
import { InputError } from '../../domain/errors.ts';
import { isAddress } from '../../domain/subscriptions/email-address.ts';
import type { Unwanted } from '../../domain/subscriptions/plan-unsubscription.ts';
import { prepareUnsubscription } from '../../run/subscribe/plan-unsubscription.ts';
import { SUMMARY } from '../../run/subscribe/requests.ts';
import { problemsOf, readInput } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { askAndApply, problemsOfOwner } from './subscribe.ts';

export interface UnsubscribeOptions {
  readonly email: string;
  readonly account?: readonly string[];
  readonly owner?: string;
  readonly summary?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `access-key-rotation unsubscribe`: takes an address out of what it gets by mail. */
export async function unsubscribe(options: UnsubscribeOptions, terminal: Terminal): Promise<ExitCode> {
  const { email, account, owner, summary } = options;
  const problems: string[] = [];
  if (!isAddress(email)) {
    problems.push(
      `--email: must be one e-mail address of plain ASCII, like team@example.com, not ${JSON.stringify(email)}`,
    );
  }
  if ([account, owner, summary].filter((one) => one !== undefined).length > 1) {
    problems.push('--account, --owner, --summary: only one of them can be given');
  }
  problems.push(...problemsOfOwner(owner));
  const scope = account === undefined ? {} : { account };
  if (problems.length > 0) throw new InputError([...problems, ...problemsOf(undefined, scope, terminal)]);

  const { settings, request, aws } = await readInput(undefined, scope, terminal, 'change');
  const subscribing = composeSubscribe(settings, request, aws);
  const plan = await prepareUnsubscription(email, unwantedOf(options), subscribing);
  return await askAndApply(plan, subscribing, options, terminal);
}

function unwantedOf({ account, owner, summary }: UnsubscribeOptions): Unwanted {
  if (owner !== undefined) return { kind: 'owner', owner };
  if (summary === true) return { kind: 'accounts', accountIds: [SUMMARY] };
  return account === undefined ? { kind: 'everything' } : { kind: 'accounts', accountIds: account };
}
