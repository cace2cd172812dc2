import type { Gap, Outcome } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { RANK, blockOfFinding, entryOf, entryOfGap, item, type Block } from '../message/block.ts';
import { clean, sentence } from '../common/sanitize.ts';
import { announcedFor } from './announcement.ts';
import type { DigestContext } from './context.ts';
import { inFull } from './telling.ts';
import { causeOf, counted, done, describeNext, describeUser } from '../common/wording.ts';

/** What went wrong: the account's own failures, steps that failed, users who could not be read. */
export const blocksOfFailures = (
  outcomes: readonly Outcome[],
  gaps: readonly Gap[],
  findings: readonly Finding[],
  context: DigestContext,
): readonly Block[] => [
  ...findings.map((finding) => blockOfFinding('failed', RANK.failed, finding)),
  // Partial replacements come first: they left a key behind.
  ...outcomes.filter(({ status }) => status === 'partial').map((outcome) => failedStep(outcome, context)),
  ...outcomes.filter(({ status }) => status !== 'partial').map((outcome) => failedStep(outcome, context)),
  ...byCause(gaps).flatMap((alike) => (alike.length === 1 ? alike.map(unreadUser) : unreadUsers(alike))),
];

function failedStep(outcome: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const failure = 'failure' in outcome ? outcome.failure : undefined;
  const left =
    outcome.status === 'partial' && outcome.createdKeyId !== undefined
      ? `The new key ${clean(outcome.createdKeyId)} exists.`
      : '';
  const block = {
    rank: RANK.failed,
    entries: [entryOf('failed', outcome)],
    lines: item(`${describeUser(decision)}: ${clean(decision.key.id)} ${whatFailed(outcome)}`, [
      left,
      failure === undefined ? '' : sentence(causeOf(failure)),
      describeNext(failure?.nextStep),
      announcedFor(outcome, ''),
    ]),
  };
  return inFull(block, [outcome], context);
}

export const whatFailed = ({ status, decision }: Outcome): string => {
  const change = done(decision.action);
  return status === 'partial' ? `could only partly be ${change}` : `could not be ${change}`;
};

const WHY_NOT_READ: Record<Gap['reason'], string> = {
  unreadable: 'could not be read, so nothing was decided',
  'intent-open': 'what an earlier run began is not finished, so nothing was decided',
  'out-of-time': 'the run had no time left, so nothing was decided',
  'bad-settings': 'what is set for this user can not be used, so nothing was decided',
};

/** What keeps one user from being read often keeps hundreds: then the reason is given once. */
function byCause(gaps: readonly Gap[]): readonly (readonly Gap[])[] {
  const groups = new Map<string, Gap[]>();
  for (const gap of gaps) {
    const cause = [gap.reason, causeOf(gap.failure), gap.failure.nextStep].join('\n');
    const group = groups.get(cause);
    if (group === undefined) groups.set(cause, [gap]);
    else group.push(gap);
  }
  return [...groups.values()];
}

function unreadUsers(alike: readonly Gap[]): readonly Block[] {
  const [first] = alike;
  if (first === undefined) return [];
  const { reason, failure } = first;
  const heading = `${counted(alike.length, 'user')}: ${WHY_NOT_READ[reason]}`;
  const group = [heading, causeOf(failure)].map(sentence).join(' ');
  return alike.map((gap) => ({
    rank: RANK.failed,
    group: `${group} ${describeNext(failure.nextStep)}`.trim(),
    entries: [entryOfGap(gap)],
    lines: item(clean(gap.userName), []),
  }));
}

const unreadUser = (gap: Gap): Block => ({
  rank: RANK.failed,
  entries: [entryOfGap(gap)],
  lines: item(`${clean(gap.userName)}: ${WHY_NOT_READ[gap.reason]}`, [
    sentence(causeOf(gap.failure)),
    describeNext(gap.failure.nextStep),
  ]),
});
