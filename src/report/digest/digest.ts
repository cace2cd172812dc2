import { allows, type Mode } from '../../domain/rotation/limits.ts';
import type { Digest } from '../../domain/report/notification.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { AccountReport, Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import { newsOf, type News } from '../common/classify.ts';
import { digestContextOf, type DigestOptions } from './context.ts';
import { countsOf, headline, heldChanges } from './counts.ts';
import { doneBlocks } from './done.ts';
import { RANK, item, type Block, type Entry } from '../message/block.ts';
import { exemptBlocks } from './exempt.ts';
import { blocksOfFailures } from './failed.ts';
import { heldBlocks } from './held.ts';
import { jsonExclusions, leftOutText } from './left-out.ts';
import { digestMessage } from './message.ts';
import { blocksForPeople } from './needs-person.ts';
import { noteBlocks } from './notes.ts';
import { deletionBlocks, noticeBlocks } from './notices.ts';
import { clean, sentence } from '../common/sanitize.ts';
import { plaintextWarning } from './plaintext-warning.ts';
import { keyCountsOf, nothingToReportHeadline } from './nothing-to-report.ts';
import type { Section } from '../message/sections.ts';
import { partsOf } from './subject.ts';
import { upcomingBlocks } from './upcoming.ts';
import { causeOf, describeNext } from '../common/wording.ts';

type Unreachable = AccountReport & { readonly status: 'unreachable' };

/**
 * The message about one account after a run, for the people who own its keys.
 * @returns undefined when there is nothing new to report and `evenIfNothing` doesn't ask for a digest
 */
export function digestOf(report: RotatedAccount | Unreachable, options: DigestOptions): Digest | undefined {
  if (report.status === 'unreachable') return unreachable(report, options);
  const { account, settings, outcomes } = report;
  const { mode } = settings.values;
  const sections = sectionsOf(report, options);
  const blocks = sections.flatMap((section) => section.blocks);
  const nothingToReport = blocks.every(({ rank }) => rank === RANK.exempt);
  const nothingNew = blocks.every(({ rank, unchanged }) => rank === RANK.exempt || unchanged === true);
  if (nothingNew && !options.evenIfNothing) return undefined;

  const leftOut = { text: leftOutText(report, options.now), json: jsonExclusions(report) };
  const about = { account, mode, options, sections, leftOut, warning: plaintextWarning(settings) };
  if (nothingToReport) {
    const keys = keyCountsOf(report);
    return digestMessage({
      ...about,
      keys,
      headline: nothingToReportHeadline(keys),
      parts: ['nothing to do'],
    });
  }
  const counts = countsOf(blocks);
  const held = heldChanges(blocks);
  return digestMessage({
    ...about,
    headline: headline(counts, held, mode),
    parts: partsOf(counts, held, mode),
    aboutMode: aboutMode(mode),
    footer: `The aws commands need credentials of account ${clean(account.id, 20)}.`,
    overLimit: outcomes.some(
      (outcome) =>
        outcome.status === 'held' && outcome.by === 'limit' && outcome.decision.action !== 'replace',
    ),
  });
}

function sectionsOf(report: RotatedAccount, options: DigestOptions): readonly Section<Entry>[] {
  const { outcomes, findings, gaps } = report;
  const context = digestContextOf(report, options);
  const news = (kind: News): readonly Outcome[] =>
    outcomes.filter((outcome) => newsOf(outcome, context) === kind);
  const found = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity);
  const plan = context.mode === 'audit';
  return [
    { title: 'NEEDS A PERSON', blocks: blocksForPeople(news('person'), found('critical'), context) },
    { title: 'FAILED', blocks: blocksOfFailures(news('failed'), gaps, found('failure'), context) },
    { title: 'DONE', blocks: doneBlocks(news('done'), context) },
    {
      title: plan ? 'WOULD HAPPEN LATER' : 'WILL HAPPEN',
      blocks: [
        ...noticeBlocks(news('notice'), context),
        ...upcomingBlocks(news('upcoming'), context),
        ...deletionBlocks(news('notice'), context),
      ],
    },
    { title: plan ? 'WOULD HAPPEN NOW' : 'HELD BACK', blocks: heldBlocks(news('held'), context) },
    { title: 'EXEMPT', blocks: exemptBlocks(outcomes) },
    { title: 'NOTES', blocks: noteBlocks(news('note'), found('note'), context) },
  ];
}

function unreachable({ account, failure, settings }: Unreachable, options: DigestOptions): Digest {
  const block: Block = {
    rank: RANK.failed,
    entries: [
      {
        section: 'failed',
        userName: null,
        accessKeyId: null,
        action: null,
        reason: 'unreachable',
        message: causeOf(failure),
        status: 'failed',
        nextStep: clean(failure.nextStep),
      },
    ],
    lines: item(sentence(causeOf(failure)), [describeNext(failure.nextStep)]),
  };
  return digestMessage({
    account,
    mode: settings?.values.mode ?? options.mode,
    options,
    sections: [{ title: 'FAILED', blocks: [block] }],
    headline: 'This account could not be worked on, and none of its keys was rotated.',
    parts: ['could not be worked on'],
    warning: settings === undefined ? '' : plaintextWarning(settings),
  });
}

/** What a reader must know of a mode that holds something back. */
function aboutMode(mode: Mode): string {
  if (mode === 'audit') return 'Dates are those of mode enforce, as if it had begun with this run.';
  if (!allows(mode, 'deactivate')) {
    return `Mode ${mode} deactivates and deletes nothing: such steps below are what mode enforce would do.`;
  }
  return allows(mode, 'delete') ? '' : `Mode ${mode} deletes nothing.`;
}
