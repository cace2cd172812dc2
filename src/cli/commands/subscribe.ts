import { composeSubscribe } from '../../compose/subscribe.ts';
import { isAddress } from '../../domain/subscriptions/email-address.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { InputError } from '../../domain/errors.ts';
import type { SubscriptionPlan } from '../../domain/subscriptions/plan.ts';
import { applySubscriptions, type AppliedSubscriptions } from '../../run/subscribe/apply.ts';
import { preparePlan, type Subscribing } from '../../run/subscribe/plan.ts';
import type { Who } from '../../run/subscribe/requests.ts';
import { describeOwner } from '../../report/common/wording.ts';
import { confirm } from '../input/confirm.ts';
import { problemsOf, readInput } from '../input/read-input.ts';
import { formatResults, formatStates, formatSteps } from '../output/subscriptions.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

export interface SubscribeOptions {
  readonly email?: string;
  readonly contacts?: 'organization' | 'security';
  readonly account?: readonly string[];
  readonly all?: true;
  readonly owner?: string;
  readonly summary?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `access-key-rotation subscribe`: who gets the digests of which accounts, by e-mail. */
export async function subscribe(options: SubscribeOptions, terminal: Terminal): Promise<ExitCode> {
  const { who, settings, request, aws } = await readOptions(options, terminal);
  const subscribing = composeSubscribe(settings, request, aws);
  return await askAndApply(await preparePlan(who, subscribing), subscribing, options, terminal);
}

/** Shows a plan, asks, and does it. */
export async function askAndApply(
  plan: SubscriptionPlan,
  subscribing: Subscribing,
  options: Pick<SubscribeOptions, 'yes' | 'json'>,
  terminal: Terminal,
): Promise<ExitCode> {
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
  const { email, contacts, account, all, owner, summary } = options;
  const problems: string[] = [];
  if ((email === undefined) === (contacts === undefined)) {
    problems.push('--email, --contacts: one of the two must be given: an address, or whose contacts');
  }
  if (owner === undefined && summary === undefined && (account === undefined) === (all === undefined)) {
    problems.push('--account, --all: one of the two must be given: which accounts, or all of them');
  }
  problems.push(...problemsOfParts(options));
  if (email !== undefined && !isAddress(email)) {
    problems.push(
      `--email: must be one e-mail address of plain ASCII, like team@example.com, not ${JSON.stringify(email)}`,
    );
  }
  const scope = account === undefined ? {} : { account };
  if (problems.length > 0) throw new InputError([...problems, ...problemsOf(undefined, scope, terminal)]);
  const address = email ?? '';
  const who: Who =
    contacts !== undefined
      ? { contacts }
      : summary === true
        ? { address, summary }
        : { address, ...definedOnly({ owner }) };
  return { ...(await readInput(undefined, scope, terminal, 'change')), who };
}

/** What is wrong with `--owner` and `--summary`, which are for one address. */
function problemsOfParts({ contacts, account, all, owner, summary }: SubscribeOptions): readonly string[] {
  const problems: string[] = [];
  const part = owner === undefined ? '--summary' : '--owner';
  if (owner === undefined && summary === undefined) return [];
  if (owner !== undefined && summary !== undefined) {
    problems.push('--owner, --summary: only one of the two can be given');
  }
  if (contacts !== undefined) problems.push(`${part}: needs --email, the address that is to get it`);
  if (all !== undefined) problems.push(`--all, ${part}: only one of the two can be given`);
  if (summary !== undefined && account !== undefined) {
    problems.push('--account, --summary: only one of the two can be given');
  }
  return [...problems, ...problemsOfOwner(owner)];
}

/** An owner as messages name it: what is cleaned away there would never match. */
export const problemsOfOwner = (owner: string | undefined): readonly string[] =>
  owner === undefined || (owner !== '' && describeOwner(owner) === owner)
    ? []
    : [
        `--owner: must be the name of an owner as the mails have it, 1 to 256 characters on one line, not ${JSON.stringify(owner)}`,
      ];

const isClean = ({ states }: SubscriptionPlan, done: readonly AppliedSubscriptions[]): boolean =>
  done.every(({ status }) => status === 'done') && !states.some(({ kind: is }) => is === 'refused');

const inJson = (plan: SubscriptionPlan, done: readonly AppliedSubscriptions[]) => ({
  schemaVersion: 1,
  steps: done.map(({ step, ...became }) => ({ ...step, ...became })),
  states: plan.states,
  clean: isClean(plan, done),
});
