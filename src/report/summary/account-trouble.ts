import { definedOnly } from '../../domain/defined-only.ts';
import type { Mode } from '../../domain/rotation/limits.ts';
import {
  rotated,
  type AccountReport,
  type RotatedAccount,
  type RunReport,
} from '../../domain/report/run-report.ts';
import { accountAndMode, modeOf } from '../common/account-mode.ts';
import { hasFailed, needsPerson } from '../common/classify.ts';
import { RANK, item, type Block } from '../message/block.ts';
import { clean, sentence, wrap } from '../common/sanitize.ts';
import { causeOf, counted, listed, describeNext, number, describeUser } from '../common/wording.ts';

/** One thing the summary reports about an account, or about the run, for machines. */
export interface SummaryEntry {
  readonly section:
    'unreachable' | 'failed' | 'needs-a-person' | 'not-started' | 'run' | 'oldest' | 'skipped';
  /** `null` where it is about the run as a whole. */
  readonly accountId: string | null;
  readonly accountName: string | null;
  /** The account's own, where it is known. */
  readonly mode?: Mode;
  readonly message: string;
  readonly nextStep?: string;
  readonly userName?: string;
  readonly owner?: string;
  readonly accessKeyId?: string;
  /** Whole days. */
  readonly ageInDays?: number;
}

export const accountMode = (mode: Mode | undefined): Pick<SummaryEntry, 'mode'> => definedOnly({ mode });

/** So many things are quoted for an account; its own digest has all of them. */
const MOST_QUOTED = 3;

interface Trouble {
  readonly message: string;
  readonly nextStep?: string | undefined;
}

/** The accounts in which something failed, each with how much and the first failures. */
export const failedAccounts = (
  accounts: readonly AccountReport[],
  run: Mode,
): readonly Block<SummaryEntry>[] =>
  rotated(accounts).flatMap((report) => {
    const { outcomes, gaps, findings } = report;
    const failures = findings.filter(({ severity }) => severity === 'failure');
    const failed = outcomes.filter(({ status }) => status === 'failed').length;
    const partial = outcomes.filter(({ status }) => status === 'partial').length;
    const counts = [
      ...(failed === 0 ? [] : [counted(failed, 'step') + ' failed']),
      ...(partial === 0 ? [] : [counted(partial, 'step') + ' half done']),
      ...(gaps.length === 0 ? [] : [`${counted(gaps.length, 'user')} left out`]),
      ...(failures.length === 0 ? [] : [counted(failures.length, 'other failure')]),
    ];
    const troubles: readonly Trouble[] = [
      ...outcomes.filter(hasFailed).flatMap((outcome) =>
        'failure' in outcome
          ? [
              {
                message: `${describeUser(outcome.decision)}, ${outcome.decision.key.id}: ${causeOf(outcome.failure)}`,
                nextStep: outcome.failure.nextStep,
              },
            ]
          : [],
      ),
      ...gaps.map(({ userName, failure }) => ({
        message: `${userName}: ${causeOf(failure)}`,
        nextStep: failure.nextStep,
      })),
      ...failures,
    ];
    return block('failed', report, run, listed(counts), troubles);
  });

/** The accounts in which something waits for a person. */
export const accountsForPeople = ({
  accounts,
  mode: run,
  startedAt,
}: RunReport): readonly Block<SummaryEntry>[] =>
  rotated(accounts).flatMap((report) => {
    const troubles: readonly Trouble[] = [
      ...report.findings.filter(({ severity }) => severity === 'critical'),
      ...report.outcomes
        .filter((outcome) => needsPerson(outcome, startedAt))
        .map(({ decision }) => ({
          message: `${describeUser(decision)}, ${decision.key.id}: ${decision.message}`,
        })),
    ];
    return block('needs-a-person', report, run, counted(troubles.length, 'thing'), troubles);
  });

function block(
  section: 'failed' | 'needs-a-person',
  report: RotatedAccount,
  run: Mode,
  counts: string,
  troubles: readonly Trouble[],
): readonly Block<SummaryEntry>[] {
  if (troubles.length === 0) return [];
  const { account } = report;
  const more = troubles.length - MOST_QUOTED;
  return [
    {
      rank: section === 'failed' ? RANK.failed : RANK.person,
      entries: [
        {
          section,
          accountId: clean(account.id),
          accountName: clean(account.name),
          ...accountMode(modeOf(report)),
          message: counts,
        },
      ],
      lines: [
        ...item(`${accountAndMode(account, modeOf(report), run)}: ${counts}`),
        ...troubles
          .slice(0, MOST_QUOTED)
          .flatMap(({ message, nextStep }) => [
            ...wrap(sentence(clean(message)), '  - ', '    '),
            ...(describeNext(nextStep) === '' ? [] : wrap(describeNext(nextStep), '    ')),
          ]),
        ...(more > 0 ? [`  ... and ${number(more)} more in this account.`] : []),
      ],
    },
  ];
}
