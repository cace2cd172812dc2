import { accountIn } from '../../domain/arn.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import type { OnDemandAnswer } from '../../domain/report/on-demand-answer.ts';
import { replaceOnDemand, restoreOnDemand } from '../../domain/rotation/on-demand.ts';
import type {
  OnDemandRequest,
  ReplaceRequest,
  RestoreRequest,
} from '../../domain/rotation/on-demand-request.ts';
import { refuseMissingTopics } from '../context/missing-topics.ts';
import type { RunContext } from '../context/run-context.ts';
import { rotateOrganization } from '../rotation/rotate-organization.ts';
import { acceptShown } from './accept-limit.ts';
import { findOne, perform, reportOfOne, type Decide } from './on-demand.ts';

/**
 * Does in the function what a person has been shown and has agreed to, and answers as the command would have
 * found it. What is wrong with the input, and what AWS says, is an answer; only defects are thrown.
 */
export function answerRequest(request: OnDemandRequest, run: RunContext): Promise<OnDemandAnswer> {
  return asAnswer(async () => carryOut(request, await onBehalfOf(request, run)));
}

/** The answer, or why there is none. */
export async function asAnswer(work: () => Promise<OnDemandAnswer>): Promise<OnDemandAnswer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) return { kind: 'refused', problems: error.problems };
    if (error instanceof OperationError) return { kind: 'failed', failure: error.failure };
    throw error;
  }
}

/**
 * A run that names the person in the history. An invocation doesn't tell who made it, so this is what the
 * command line claims; that whoever it was may invoke the function, IAM has seen to.
 * @throws InputError for somebody of another account, who can't have invoked it
 */
async function onBehalfOf({ requestedBy }: OnDemandRequest, run: RunContext): Promise<RunContext> {
  const own = accountIn(await run.sessions.caller());
  if (accountIn(requestedBy) !== own) {
    throw new InputError([
      `requestedBy: must be somebody of the account of the function, ${own}, not ${requestedBy}`,
    ]);
  }
  return { ...run, sessions: { ...run.sessions, caller: () => Promise.resolve(requestedBy) } };
}

async function carryOut(request: OnDemandRequest, run: RunContext): Promise<OnDemandAnswer> {
  switch (request.command) {
    case 'apply':
      return { kind: 'report', report: await rotateOrganization(run, refuseMissingTopics) };
    case 'accept':
      await acceptShown(request.accountId, request.limit, request, run);
      return { kind: 'accepted' };
    case 'replace':
    case 'restore': {
      const { accountId, userName, shown } = request;
      const found = await findOne(accountId, run);
      const agreed = { ...found, userName, shown, decide: deciderOf(request, run) };
      return { kind: 'report', report: reportOfOne(await perform(agreed, run), run) };
    }
  }
}

type Added = 'requestedBy' | 'accountId' | 'userName' | 'shown';
/** What a person asks for about one user, before that is shown. */
export type AskedOfUser = Omit<ReplaceRequest, Added> | Omit<RestoreRequest, Added>;

/** How the command decides, and so does the function. */
export function deciderOf(request: AskedOfUser, { now }: Pick<RunContext, 'now'>): Decide {
  return request.command === 'replace'
    ? (user, policy) => replaceOnDemand(user, request, policy, now)
    : (user, policy) => restoreOnDemand(user, request.accessKeyId, request.reason, policy, now);
}
