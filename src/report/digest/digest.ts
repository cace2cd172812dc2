import { allows, type Mode } from '../../domain/rotation/limits.ts';
import type { Digest } from '../../domain/report/notification.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { AccountReport, Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import { newsOf, type News } from '../common/classify.ts';
import { whatIsAsked, type Asked } from './asked.ts';
import { askedBlocks, switchedOffWithReplacement } from './asked-blocks.ts';
import { digestContextOf, type DigestContext, type DigestOptions } from './context.ts';
import { askingOf, countsOf, headline, heldChanges, isPlan, quietOf } from './counts.ts';
import { doneBlocks } from './done.ts';
import { RANK, item, type Block, type Entry } from '../message/block.ts';
import { exemptBlocks } from './exempt.ts';
import { blocksOfFailures } from './failed.ts';
import { heldBlocks } from './held.ts';
import { jsonExclusions, leftOutText } from './left-out.ts';
import { digestMessage } from './message.ts';
import { blocksForAdministrators } from './needs-person.ts';
import { noteBlocks } from './notes.ts';
import { deletionBlocks, noticeBlocks } from './notices.ts';
import { clean, sentence } from '../common/sanitize.ts';
import { plaintextWarning } from './plaintext-warning.ts';
import { keyCountsOf, nothingToReportHeadline } from './nothing-to-report.ts';
import { howToPutToUse } from './put-to-use.ts';
import { countOf, type Section } from '../message/sections.ts';
import { leadOf, partsOf, type TaskCounts } from './subject.ts';
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
  const context = digestContextOf(report, options);
  const asked = askedBlocks(outcomes, context);
  const sections = sectionsOf(report, asked, context);
  const blocks = [...sections.forOwners, ...sections.forAdministrators].flatMap((section) => section.blocks);
  const nothingToReport = blocks.every(({ rank }) => rank === RANK.exempt);
  const nothingNew = blocks.every(({ rank, unchanged }) => rank === RANK.exempt || unchanged === true);
  if (nothingNew && !options.evenIfNothing) return undefined;

  const leftOut = { text: leftOutText(report, options.now), json: jsonExclusions(report) };
  const about = { account, mode, options, ...sections, leftOut, warning: plaintextWarning(settings) };
  if (nothingToReport) {
    const keys = keyCountsOf(report);
    return digestMessage({
      ...about,
      keys,
      headline: nothingToReportHeadline(keys),
      lead: 'Nothing to do',
      parts: [],
    });
  }
  return digestMessage({
    ...about,
    ...wordsOf({ outcomes, asked, blocks, toLookAt: countOf(sections.toLookAt) }, context),
    overLimit: outcomes.some(
      (outcome) =>
        outcome.status === 'held' && outcome.by === 'limit' && outcome.decision.action !== 'replace',
    ),
  });
}

interface Told {
  readonly outcomes: readonly Outcome[];
  readonly asked: readonly Block[];
  /** All that the message has. */
  readonly blocks: readonly Block[];
  /** How many things wait for an administrator. */
  readonly toLookAt: number;
}

/** What a message says of itself: its headline, its subject, and what stands below. */
export function wordsOf({ outcomes, asked, blocks, toLookAt }: Told, context: DigestContext) {
  const { mode, now } = context;
  const counts = countsOf(blocks);
  const held = heldChanges(blocks);
  const asking = askingOf(blocks);
  const plan = isPlan(counts, mode);
  return {
    howTo: howToPutToUse(outcomes, context),
    headline: headline(counts, held, {
      asking,
      wouldAsk: asked.length - asking.tasks,
      toLookAt,
      mode,
      now,
    }),
    plan,
    lead: leadOf(asking, plan, now),
    parts: partsOf(counts, held, {
      mode,
      tasks: taskCounts(outcomes, context),
      toLookAt,
      quiet: quietOf(blocks),
    }),
    footer: aboutMode(mode),
  };
}

interface Sections {
  readonly forOwners: readonly Section<Entry>[];
  readonly forAdministrators: readonly Section<Entry>[];
  /** Those of the administrators' blocks that wait for one. */
  readonly toLookAt: readonly Block[];
}

export function sectionsOf(
  report: RotatedAccount,
  asked: readonly Block[],
  context: DigestContext,
): Sections {
  const { outcomes, findings, gaps } = report;
  const others = outcomes.filter((outcome) => whatIsAsked(outcome, context) === undefined);
  const told = switchedOffWithReplacement(outcomes);
  const news = (kind: News): readonly Outcome[] =>
    others.filter((outcome) => newsOf(outcome, context) === kind && !told.has(outcome));
  const found = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity);
  const plan = context.mode === 'audit';
  const toLookAt = blocksForAdministrators(news('person'), found('critical'), context);
  const heldBack = heldBlocks(
    outcomes.filter((outcome) => newsOf(outcome, context) === 'held'),
    context,
  );
  const held = {
    title: plan ? 'WOULD HAPPEN NOW' : 'HELD BACK',
    blocks: heldBack,
    things: heldBack.length,
  };
  const coming = {
    title: plan ? 'WOULD HAPPEN LATER' : 'WILL HAPPEN',
    blocks: [
      ...noticeBlocks(news('notice'), context),
      ...upcomingBlocks(news('upcoming'), context),
      ...deletionBlocks(news('notice'), context),
    ],
  };
  const ours = asked.filter(isAskedNow);
  const wouldBe = asked.filter((block) => !isAskedNow(block));
  return {
    toLookAt,
    forOwners: [
      { title: 'ASKED OF YOU', blocks: ours, things: ours.length },
      { title: 'WOULD BE ASKED OF YOU', blocks: wouldBe, things: wouldBe.length },
      { title: 'DONE', blocks: doneBlocks(news('done'), context) },
      ...(plan ? [held, coming] : [coming]),
    ],
    forAdministrators: [
      { title: 'TO LOOK AT', blocks: toLookAt },
      { title: 'FAILED', blocks: blocksOfFailures(news('failed'), gaps, found('failure'), context) },
      ...(plan ? [] : [held]),
      { title: 'EXEMPT', blocks: exemptBlocks(outcomes) },
      { title: 'NOTES', blocks: noteBlocks(news('note'), found('note'), context) },
    ],
  };
}

/** A plan asks for nothing yet. */
const isAskedNow = ({ entries }: Block): boolean => entries.some(({ asked }) => asked === true);

function taskCounts(outcomes: readonly Outcome[], context: DigestContext): TaskCounts {
  const of = (kind: Asked) => outcomes.filter((outcome) => whatIsAsked(outcome, context) === kind);
  return {
    move: of('move').length,
    use: of('use').length,
    'switch-on': of('switch-on').length,
    choose: new Set(of('choose').map(({ decision }) => decision.userName)).size,
  };
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
    forOwners: [],
    forAdministrators: [{ title: 'FAILED', blocks: [block] }],
    headline:
      'Nothing is asked of you. This account could not be worked on, and none of its keys was replaced.',
    lead: 'Could not be worked on',
    parts: [],
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
