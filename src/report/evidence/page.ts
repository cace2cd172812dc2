import type { CheckResult, Counts } from '../../domain/report/evidence/checks.ts';
import type { AssessedCheck, AssessedControl, Evidence } from '../../domain/report/evidence/evidence.ts';
import { counted, dayOf, minuteOf, number } from '../common/wording.ts';
import { documentOf } from '../page/document.ts';
import { markup, name, NOTHING, type Markup } from '../page/html.ts';
import { accountCell, nothing, sectionOf, table, time, type Column } from '../page/section.ts';
import { actionsSection, exceptionsSection, runsSection, settingsSection } from './page-sections.ts';
import { firstOf } from './first-of.ts';

/** The evidence for people, as one HTML file. It has no script, and nothing beside it is loaded. */
export function evidencePage(evidence: Evidence): string {
  return documentOf({
    title: `Evidence about access keys, ${dayOf(evidence.finishedAt)}`,
    skipTo: 'the evidence',
    header: markup`<header class="top">
          <div>
            <h1>Evidence about access keys</h1>
            <p>
              ${minuteOf(evidence.finishedAt)} UTC <span class="badge">mode ${evidence.mode}</span>
              <span class="faint">run ${evidence.runId}</span>
            </p>
          </div>
        </header>`,
    main: markup`${evidence.isWhole ? '' : markup`<p class="banner">This run was about a part of the organization only.</p>`}
          ${controlsSection(evidence.controls)} ${accountsSection(evidence.checks)}
          ${evidence.checks.map(checkSection)} ${exceptionsSection(evidence)} ${actionsSection(evidence)}
          ${settingsSection(evidence)} ${runsSection(evidence)}`,
    footer: markup`<p>
            Made by access-key-rotation. Days are those of UTC. The whole lists are in the CSV and JSON files
            beside this one; SHA256SUMS has the sums of all of them. No secret is in these files.
          </p>`,
  });
}

const VERDICT_COLUMNS: readonly Column<{ readonly counts: Counts }>[] = [
  { label: 'Pass', cell: ({ counts }) => number(counts.pass), isNumber: true },
  {
    label: 'Fail',
    cell: ({ counts: { fail } }) =>
      fail === 0 ? number(fail) : markup`<span class="bad">${number(fail)}</span>`,
    isNumber: true,
  },
  { label: 'Excepted', cell: ({ counts }) => number(counts.excepted), isNumber: true },
  { label: 'Not assessed', cell: ({ counts }) => number(counts['not-assessed']), isNumber: true },
];

const controlsSection = (controls: readonly AssessedControl[]): Markup =>
  sectionOf({
    id: 'controls',
    title: 'Controls',
    lead: 'Keys are counted; for the root user, accounts. Excepted is what would fail, and for which somebody answers until a date, or a rotation is under way. Read strictly, that fails as well.',
    body: table(
      'Controls',
      [
        {
          label: 'Control',
          cell: ({ framework, version, number: of }: AssessedControl) =>
            markup`<b>${of}</b> <span class="faint">${framework} ${version}</span>`,
        },
        ...VERDICT_COLUMNS,
        { label: 'Fail, strictly', cell: ({ strictFail }) => number(strictFail), isNumber: true },
        {
          label: 'What this says of it, and what not',
          cell: ({ isEvidenceFor, saysNothingOf, check }) =>
            markup`${isEvidenceFor} <span class="faint">Not: ${saysNothingOf}</span> <a href="#${check}">List</a>`,
        },
      ],
      controls,
    ),
  });

interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly check: string;
  readonly counts: Counts;
}

function accountsSection(checks: readonly AssessedCheck[]): Markup {
  const rows = checks.flatMap(({ title, byAccount }) =>
    byAccount
      .filter(({ counts }) => counts.fail + counts.excepted + counts['not-assessed'] > 0)
      .map(({ accountId, accountName, counts }): AccountRow => ({
        id: accountId,
        name: accountName,
        check: title,
        counts,
      })),
  );
  return sectionOf({
    id: 'accounts',
    title: 'By account',
    lead: 'Where all passes is left out here, and is in accounts.csv.',
    body:
      rows.length === 0
        ? nothing('All that was assessed passes, in every account.')
        : firstOf(rows, 'accounts.csv', (shown) =>
            table(
              'Accounts',
              [
                { label: 'Account', cell: (row: AccountRow) => accountCell(row) },
                { label: 'Check', cell: ({ check }) => check },
                ...VERDICT_COLUMNS,
              ],
              shown,
            ),
          ),
  });
}

function checkSection({ name: id, title, counts, results }: AssessedCheck): Markup {
  const open = results.filter(({ verdict }) => verdict !== 'pass');
  const order = ['fail', 'excepted', 'not-assessed'];
  const sorted = open.toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict));
  return sectionOf({
    id,
    title,
    lead: `${counted(counts.pass, 'pass', 'pass')}, ${number(counts.fail)} fail, ${number(counts.excepted)} excepted, ${number(counts['not-assessed'])} not assessed. Those that pass are in results.csv.`,
    body:
      sorted.length === 0
        ? nothing('Nothing fails, nothing is excepted, and everything was assessed.')
        : firstOf(sorted, 'results.csv', (shown) => table(title, RESULT_COLUMNS, shown)),
  });
}

const RESULT_COLUMNS: readonly Column<CheckResult>[] = [
  {
    label: 'Verdict',
    cell: ({ verdict }) =>
      markup`<span class="state ${verdict === 'fail' ? 'failed' : verdict === 'excepted' ? 'exempt' : ''}">${verdict}</span>`,
  },
  {
    label: 'User and key',
    cell: ({ userName, keyId }) =>
      markup`${userName === undefined ? 'the whole account' : name(userName, 'a user without a name')} ${keyId === undefined ? NOTHING : markup`<code>${keyId}</code>`}`,
  },
  {
    label: 'Account',
    cell: ({ accountId, accountName }) => accountCell({ id: accountId, name: accountName }),
  },
  { label: 'Since', cell: ({ since }) => (since === undefined ? '' : time(since)) },
  {
    label: 'Why',
    cell: ({ why, exception }) =>
      exception === undefined
        ? why
        : markup`${why} <span class="faint">Excepted: ${exception.reason} ${exception.owner === undefined ? '' : `(${exception.owner})`} ${exception.until === undefined ? '' : `until ${dayOf(exception.until)}`}</span>`,
  },
];
