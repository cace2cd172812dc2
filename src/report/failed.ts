import type { Gap, Outcome } from '../domain/outcome.ts';
import type { Finding } from '../domain/report.ts';
import { RANK, blockOfFinding, entryOf, entryOfGap, item, type Block } from './entries.ts';
import { clean, sentence } from './plain-text.ts';
import { causeOf, done, nextInWords, userInWords } from './wording.ts';

/** What went wrong: the account's own failures, steps that failed, users who could not be read. */
export const blocksOfFailures = (
  outcomes: readonly Outcome[],
  gaps: readonly Gap[],
  findings: readonly Finding[],
): readonly Block[] => [
  ...findings.map((finding) => blockOfFinding('failed', RANK.failed, finding)),
  // Half done comes first: something was left behind.
  ...outcomes.filter(({ status }) => status === 'partial').map(failedStep),
  ...outcomes.filter(({ status }) => status !== 'partial').map(failedStep),
  ...gaps.map(unreadUser),
];

function failedStep(outcome: Outcome): Block {
  const { decision } = outcome;
  const failure = 'failure' in outcome ? outcome.failure : undefined;
  const left =
    outcome.status === 'partial' && outcome.createdKeyId !== undefined
      ? `The new key ${clean(outcome.createdKeyId)} exists.`
      : '';
  return {
    rank: RANK.failed,
    entries: [entryOf('failed', outcome)],
    lines: item(`${userInWords(decision)}: ${clean(decision.key.id)} ${whatFailed(outcome)}`, [
      left,
      failure === undefined ? '' : sentence(causeOf(failure)),
      nextInWords(failure?.nextStep),
    ]),
  };
}

export const whatFailed = ({ status, decision }: Outcome): string => {
  const change = done(decision.action);
  return status === 'partial' ? `could only partly be ${change}` : `could not be ${change}`;
};

const WHY_NOT_READ: Record<Gap['reason'], string> = {
  unreadable: 'could not be read, so nothing was decided',
  'intent-open': 'an earlier replacement is not finished, so nothing was decided',
  'out-of-time': 'the run had no time left, so nothing was decided',
  'bad-settings': 'what is set for this user can not be used, so nothing was decided',
};

const unreadUser = (gap: Gap): Block => ({
  rank: RANK.failed,
  entries: [entryOfGap(gap)],
  lines: item(`${clean(gap.userName)}: ${WHY_NOT_READ[gap.reason]}`, [
    sentence(causeOf(gap.failure)),
    nextInWords(gap.failure.nextStep),
  ]),
});
