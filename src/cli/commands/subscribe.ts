import { composeSubscribe } from '../../compose/subscribe.ts';
import { isAddress } from '../../domain/subscriptions/email-address.ts';
import { InputError } from '../../domain/errors.ts';
import type { SubscriptionPlan } from '../../domain/subscriptions/plan.ts';
import { applySubscriptions, type AppliedSubscriptions } from '../../run/subscribe/apply.ts';
import { preparePlan } from '../../run/subscribe/plan.ts';
import type { Who } from '../../run/subscribe/requests.ts';
import { confirm } from '../input/confirm.ts';
import { problemsOf, readInput } from '../input/read-input.ts';
import { formatResults, formatStates, formatSteps } from '../output/subscriptions.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

export interface SubscribeOptions {
  readonly email?: string;
  readonly contacts?: 'organization' | 'security';
  readonly account?: readonly string[];
  readonly all?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `access-key-rotation subscribe`: who gets the digests of which accounts, by e-mail. */
export async function subscribe(options: SubscribeOptions, terminal: Terminal): Promise<ExitCode> {
  const { who, settings, request, aws } = await readOptions(options, terminal);
  const subscribing = composeSubscribe(settings, request, aws);
  const plan = await preparePlan(who, subscribing);

  const json = options.json === true;
  if (!json) terminal.stdout.write(formatStates(plan.states));
  const asked = plan.steps.length > 0;
  if (asked && !(await confirm(terminal, formatSteps(plan.steps), options.yes === true))) return 1;
  const done = await applySubscriptions(plan.steps, subscribing);
  if (json) terminal.stdout.write(`${JSON.stringify(inJson(plan, done), null, 2)}\n`);
  else terminal.stdout.write(asked ? formatResults(done) : 'Nothing to do.\n');
  return isClean(plan, done) ? 0 : 1;
}

/** @throws InputError with the problems of arguments and settings at once */
async function readOptions(options: SubscribeOptions, terminal: Terminal) {
  const { email, contacts, account, all } = options;
  const problems: string[] = [];
  if ((email === undefined) === (contacts === undefined)) {
    problems.push('--email, --contacts: one of the two must be given: an address, or whose contacts');
  }
  if ((account === undefined) === (all === undefined)) {
    problems.push('--account, --all: one of the two must be given: which accounts, or all of them');
  }
  if (email !== undefined && !isAddress(email)) {
    problems.push(
      `--email: must be one e-mail address of plain ASCII, like team@example.com, not ${JSON.stringify(email)}`,
    );
  }
  const scope = account === undefined ? {} : { account };
  if (problems.length > 0) throw new InputError([...problems, ...problemsOf(undefined, scope, terminal)]);
  const who: Who = contacts === undefined ? { address: email ?? '' } : { contacts };
  return { ...(await readInput(undefined, scope, terminal, 'change')), who };
}

const isClean = ({ states }: SubscriptionPlan, done: readonly AppliedSubscriptions[]): boolean =>
  done.every(({ status }) => status === 'done') && !states.some(({ kind: is }) => is === 'refused');

const inJson = (plan: SubscriptionPlan, done: readonly AppliedSubscriptions[]) => ({
  schemaVersion: 1,
  steps: done.map(({ step, ...became }) => ({ ...step, ...became })),
  states: plan.states,
  clean: isClean(plan, done),
});
