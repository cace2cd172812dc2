import { allows, type Mode } from '../domain/limits.ts';
import type { Account } from '../domain/account.ts';
import type { Digest } from '../domain/notification.ts';
import type { Failure, Outcome } from '../domain/outcome.ts';
import type { AccountReport, Finding, RotatedAccount } from '../domain/report.ts';
import { newsOf, type News } from './classify.ts';
import { sceneOf, type DigestContext } from './context.ts';
import { countsOf, headline, heldChanges } from './counts.ts';
import { cutToSize } from './cut.ts';
import { deactivatedKey, deletedKey, replacedKey } from './done.ts';
import { RANK, item, type Block, type Entry } from './entries.ts';
import { blocksOfFailures } from './failed.ts';
import { heldBlocks } from './held.ts';
import { blocksForPeople } from './needs-person.ts';
import { noteBlocks } from './notes.ts';
import { notice } from './notices.ts';
import { byDueDate } from './order.ts';
import { clean, sentence, wrap } from './plain-text.ts';
import { countOf, message, sectionText, type Section } from './sections.ts';
import { attributesOf, severityOf } from './severity.ts';
import { partsOf, subjectOf } from './subject.ts';
import { upcomingBlocks } from './upcoming.ts';
import { accountInWords, causeOf, minuteOf, nextInWords } from './wording.ts';

export type { DigestContext } from './context.ts';

/**
 * What is told about one account after a run, for the people who own its keys.
 * @returns undefined when the account has nothing to say
 */
export function digestOf(
  report: RotatedAccount | (AccountReport & { readonly status: 'unreachable' }),
  context: DigestContext,
): Digest | undefined {
  if (report.status === 'unreachable') return unreachable(report.account, report.failure, context);
  const sections = sectionsOf(report, context);
  const blocks = sections.flatMap((section) => section.blocks);
  if (blocks.length === 0) return undefined;
  const counts = countsOf(blocks);
  const held = heldChanges(blocks);
  const overLimit = report.outcomes.some((outcome) => outcome.status === 'held' && outcome.by === 'limit');
  return assemble(report.account, context, sections, {
    headline: headline(counts, held, context.mode),
    parts: partsOf(counts, held, context.mode),
    footer: `Commands need credentials of account ${clean(report.account.id, 20)}.`,
    overLimit,
  });
}

function sectionsOf(report: RotatedAccount, context: DigestContext): readonly Section<Entry>[] {
  const { outcomes, findings, gaps, account } = report;
  const scene = sceneOf(context, account.id, outcomes);
  const news = (kind: News): readonly Outcome[] =>
    outcomes.filter((outcome) => newsOf(outcome, context) === kind);
  const found = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity);
  const plan = context.mode === 'audit';
  return [
    { title: 'NEEDS A PERSON', blocks: blocksForPeople(news('person'), found('critical'), scene) },
    { title: 'FAILED', blocks: blocksOfFailures(news('failed'), gaps, found('failure')) },
    {
      title: 'DONE',
      blocks: [
        ...news('replaced').map((outcome) => replacedKey(outcome, scene)),
        ...[...news('deactivated')].sort(stillInUseFirst).map((outcome) => deactivatedKey(outcome, scene)),
        ...news('deleted').map(deletedKey),
      ],
    },
    {
      title: plan ? 'WOULD HAPPEN LATER' : 'WILL HAPPEN',
      blocks: [
        ...[...news('notice')].sort(byDueDate).map((outcome) => notice(outcome, scene)),
        ...upcomingBlocks(news('upcoming'), scene),
      ],
    },
    { title: plan ? 'WOULD HAPPEN NOW' : 'HELD BACK', blocks: heldBlocks(news('held'), context.mode) },
    { title: 'NOTES', blocks: noteBlocks(news('note'), found('note')) },
  ];
}

const stillInUseFirst = (one: Outcome, two: Outcome): number =>
  Number(two.decision.reason === 'replaced-deadline') - Number(one.decision.reason === 'replaced-deadline');

function unreachable(account: Account, failure: Failure, context: DigestContext): Digest {
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
    lines: item(sentence(causeOf(failure)), [nextInWords(failure.nextStep)]),
  };
  return assemble(account, context, [{ title: 'FAILED', blocks: [block] }], {
    headline: 'This account could not be worked on, and none of its keys was rotated.',
    parts: ['could not be worked on'],
    footer: '',
    overLimit: false,
  });
}

interface Lead {
  /** What the text says first. */
  readonly headline: string;
  /** What the subject says, the most important first. */
  readonly parts: readonly string[];
  /** What the text says last. */
  readonly footer: string;
  readonly overLimit: boolean;
}

function assemble(
  account: Account,
  context: DigestContext,
  sections: readonly Section<Entry>[],
  lead: Lead,
): Digest {
  const { mode } = context;
  const runId = clean(context.runId);
  const blocks = sections.flatMap((section) => section.blocks);
  const counts = countsOf(blocks);
  const severity = severityOf(counts, mode, lead.overLimit);
  const { text, json, kept } = cutToSize(blocks, (survivors) => ({
    text: message([
      `Access keys of ${accountInWords(account)}`,
      wrap(lead.headline).join('\n'),
      wrap(aboutMode(mode)).join('\n'),
      ...sections.map((section) => sectionText(section, survivors)),
      wrap(
        `Run ${runId} of ${minuteOf(context.now)}, mode ${mode}. Dates are in UTC. ${lead.footer}`.trim(),
      ).join('\n'),
    ]),
    json: JSON.stringify({
      schemaVersion: 1,
      kind: 'account-digest',
      runId,
      mode,
      account: { id: clean(account.id), name: clean(account.name) },
      severity,
      counts,
      entries: blocks.filter((block) => survivors.has(block)).flatMap(({ entries }) => entries),
      cut: countOf(blocks) - countOf(survivors),
    }),
  }));
  const announced = [...kept].flatMap(({ announces }) => (announces === undefined ? [] : [announces]));
  return {
    subject: subjectOf(account, lead.parts),
    text,
    json,
    attributes: attributesOf(account, severity, mode),
    announces: new Set(announced),
  };
}

/** What a reader must know of a mode that holds something back. */
function aboutMode(mode: Mode): string {
  if (mode === 'audit') return 'Dates are those of mode enforce, as if it had begun with this run.';
  if (!allows(mode, 'deactivate')) {
    return `Mode ${mode} deactivates and deletes nothing: such steps below are what mode enforce would do.`;
  }
  return allows(mode, 'delete') ? '' : `Mode ${mode} deletes nothing.`;
}
