import type { Mode } from '../../domain/rotation/limits.ts';
import type { Notification } from '../../domain/report/notification.ts';
import {
  isClean,
  totalsOf,
  type AccountReport,
  type Finding,
  type RunReport,
  type Totals,
} from '../../domain/report/run-report.ts';
import { wholeDays } from '../../domain/time.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import { accountAndMode, modeOf } from '../common/account-mode.ts';
import { accountMode, accountsForPeople, failedAccounts, type SummaryEntry } from './account-trouble.ts';
import { chatOf } from '../message/chat.ts';
import { fitToSize } from '../message/fit-to-size.ts';
import { RANK, item, type Block } from '../message/block.ts';
import { oldestActiveKeys, whatComesNext, type OldKey } from './oldest-keys.ts';
import { clean, sentence, wrap } from '../common/sanitize.ts';
import { countOf, message, sectionText, type Section } from '../message/sections.ts';
import { attributesOf, type Severity } from '../digest/severity.ts';
import { subjectOf } from '../digest/subject.ts';
import { summaryHeadline, summaryParts, totalsText } from './totals.ts';
import {
  describeAccount,
  causeOf,
  counted,
  isoOf,
  minuteOf,
  describeNext,
  ownerField,
  describeUser,
} from '../common/wording.ts';

export interface SummaryContext {
  /** How many of the oldest active keys are listed; 10 by default. */
  readonly oldestKeys?: number;
}

/** The message about the whole run, for those who are responsible for the organization. */
export function summaryOf(report: RunReport, context: SummaryContext): Notification {
  const { accounts, mode } = report;
  const totals = totalsOf(accounts);
  const runId = clean(report.runId);
  const seeAll = `see access-key-rotation plan (what is due now) and the log of run ${runId} (all of it)`;
  const sections = sectionsOf(report, context.oldestKeys ?? 10);
  const blocks = sections.flatMap((section) => section.blocks);
  const toSolve = accountsForPeople(report).length;
  const severity = severityOf(report, totals, toSolve);
  const { text, json } = fitToSize(blocks, (kept) => ({
    text: message([
      'Access keys of the organization',
      wrap(summaryHeadline(report, totals, toSolve)).join('\n'),
      totalsText(report, totals),
      ...sections.map((section) => sectionText(section, kept, seeAll)),
      wrap(
        `Run ${runId} from ${minuteOf(report.startedAt)} to ${minuteOf(report.finishedAt)}, mode ${mode}. Times are in UTC.`,
      ).join('\n'),
    ]),
    json: JSON.stringify({
      schemaVersion: 1,
      kind: 'organization-summary',
      runId,
      mode,
      startedAt: isoOf(report.startedAt) ?? null,
      finishedAt: isoOf(report.finishedAt) ?? null,
      severity,
      totals,
      entries: blocks.filter((block) => kept.has(block)).flatMap(({ entries }) => entries),
      cut: countOf(blocks) - countOf(kept),
      ...(countOf(blocks) === countOf(kept) ? {} : { seeAll }),
    }),
  }));
  const subject = subjectOf({ name: 'Organization' }, summaryParts(report, totals, toSolve));
  return {
    subject,
    text,
    json,
    chat: chatOf({
      subject,
      headline: summaryHeadline(report, totals, toSolve),
      tasks: [],
      seeAll: 'access-key-rotation plan, or the mail.',
      kind: 'organization-summary',
      accountId: 'organization',
      severity,
      runId,
    }),
    attributes: attributesOf({ id: 'organization', name: 'organization' }, severity, mode),
  };
}

function severityOf(report: RunReport, totals: Totals, toSolve: number): Severity {
  const critical = report.findings.some(({ severity }) => severity === 'critical');
  if (critical || toSolve > 0 || !isClean(report)) return 'critical';
  return totals.deactivated > 0 || totals.replaced > 0 ? 'warning' : 'info';
}

function sectionsOf(report: RunReport, oldestKeys: number): readonly Section<SummaryEntry>[] {
  const { accounts, findings, mode } = report;
  const notes = findings.filter(({ severity }) => severity === 'note');
  const urgent = findings.filter(({ severity }) => severity !== 'note');
  return [
    { title: 'THE RUN ITSELF', blocks: urgent.map(findingOfRun) },
    {
      title: 'ACCOUNTS THAT COULD NOT BE WORKED ON',
      blocks: accounts.flatMap((account) => unreachable(account, mode)),
    },
    { title: 'ACCOUNTS NEEDING A PERSON', blocks: accountsForPeople(report) },
    { title: 'ACCOUNTS WITH FAILURES', blocks: failedAccounts(accounts, mode) },
    { title: 'ACCOUNTS NOT STARTED', blocks: accounts.flatMap(notEntered('not-started')) },
    {
      title: 'OLDEST ACTIVE KEYS',
      blocks: oldestActiveKeys(accounts, oldestKeys).map((key) => oldKey(key, report)),
    },
    { title: 'ACCOUNTS SKIPPED', blocks: accounts.flatMap(notEntered('skipped')) },
    { title: 'NOTES', blocks: notes.map(findingOfRun) },
  ];
}

const findingOfRun = ({ severity, message: text, nextStep }: Finding): Block<SummaryEntry> => ({
  rank: severity === 'note' ? RANK.note : RANK.person,
  entries: [
    {
      section: 'run',
      accountId: null,
      accountName: null,
      message: clean(text),
      ...(nextStep === undefined ? {} : { nextStep: clean(nextStep) }),
    },
  ],
  lines: item(sentence(clean(text)), [describeNext(nextStep)]),
});

function unreachable(report: AccountReport, run: Mode): readonly Block<SummaryEntry>[] {
  if (report.status !== 'unreachable') return [];
  const { account, failure } = report;
  return [
    {
      rank: RANK.person,
      entries: [
        {
          section: 'unreachable',
          accountId: clean(account.id),
          accountName: clean(account.name),
          message: causeOf(failure),
          nextStep: clean(failure.nextStep),
          ...accountMode(modeOf(report)),
        },
      ],
      lines: item(accountAndMode(account, modeOf(report), run), [
        sentence(causeOf(failure)),
        describeNext(failure.nextStep),
      ]),
    },
  ];
}

/** Accounts with a cause and nothing to act on: one line each, those with the same cause together. */
const notEntered =
  (status: 'not-started' | 'skipped') =>
  (report: AccountReport): readonly Block<SummaryEntry>[] => {
    if (report.status !== status) return [];
    const { account } = report;
    const cause = clean(report.cause);
    return [
      {
        rank: status === 'skipped' ? RANK.note : RANK.deactivation,
        entries: [
          { section: status, accountId: clean(account.id), accountName: clean(account.name), message: cause },
        ],
        lines: wrap(`${describeAccount(account)}: ${sentence(cause)}`, '- ', '  '),
        group: '',
      },
    ];
  };

function oldKey(
  { account, mode, outcome }: OldKey,
  { startedAt, mode: run }: RunReport,
): Block<SummaryEntry> {
  const { userName, owner, key } = outcome.decision;
  const ageInDays = wholeDays(key.createdAt, startedAt);
  return {
    rank: RANK.held,
    entries: [
      {
        section: 'oldest',
        accountId: clean(account.id),
        accountName: clean(account.name),
        ...accountMode(mode),
        userName: clean(userName),
        ...ownerField(owner),
        accessKeyId: clean(key.id),
        ageInDays,
        message: clean(whatComesNext(outcome)),
      },
    ],
    lines: item(
      `${counted(ageInDays, 'day')}: ${clean(key.id)} of ${describeUser(outcome.decision)}, ${accountAndMode(account, mode, run)}, ${describeLastUse(key, startedAt)}.`,
      [sentence(clean(whatComesNext(outcome)))],
    ),
  };
}
