import type { StoredAccount, StoredRun } from '../../domain/report/stored-run.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { capital, causeOf, counted } from '../common/wording.ts';
import { sentence } from '../common/sanitize.ts';
import { markup, name, NOTHING, type Markup } from './html.ts';
import { keysOf } from './key-state.ts';
import { accountCell, nothing, sectionOf, table, type Column } from './section.ts';

interface Trouble {
  readonly where: Markup;
  readonly what: string;
  readonly nextStep: string;
}

/** What could not be worked on, what failed, and what else somebody should know; with what to do. */
export function troubleSection(run: StoredRun): Markup {
  const { accounts } = run;
  const out = accounts.flatMap(notWorkedOn);
  const failed = [...failedKeys(run), ...accounts.flatMap(gaps)];
  const found = findingsOf(run);
  const isCritical = ({ severity }: Finding) => severity === 'critical';
  const skipped = accounts.filter(({ status }) => status === 'skipped');
  const parts = [
    ...part('Critical', found.filter(({ finding }) => isCritical(finding)).map(troubleOf)),
    ...part('Accounts not worked on', out),
    ...part('Failures', failed),
    ...part('To be known', found.filter(({ finding }) => !isCritical(finding)).map(troubleOf)),
    ...part('Left out on purpose', skipped.map(skippedAccount)),
  ];
  return sectionOf({
    id: 'trouble',
    title: 'Accounts not worked on, and failures',
    body: parts.length === 0 ? nothing('Every account was worked on, and nothing failed.') : markup`${parts}`,
  });
}

const part = (title: string, rows: readonly Trouble[]): readonly Markup[] =>
  rows.length === 0
    ? []
    : [
        markup`<h3>${title} <span class="faint">${rows.length}</span></h3>
          ${table(
            title,
            [
              { label: 'Where', cell: ({ where }) => where },
              { label: 'What', cell: ({ what }) => sentence(what) },
              ...(rows.some(({ nextStep }) => nextStep !== '') ? [WHAT_TO_DO] : []),
            ],
            rows.slice(0, MOST_TROUBLES),
          )}${rows.length > MOST_TROUBLES ? markup`<p class="more">and ${counted(rows.length - MOST_TROUBLES, 'more', 'more')}: the stored report has them all.</p>` : ''}`,
      ];

const WHAT_TO_DO: Column<Trouble> = { label: 'What to do', cell: ({ nextStep }) => sentence(nextStep) };

/** In an outage everything fails, in the same way. */
const MOST_TROUBLES = 200;

function notWorkedOn(account: StoredAccount): readonly Trouble[] {
  if (account.status !== 'unreachable' && account.status !== 'not-started') return [];
  const { failure, cause } = account;
  return [
    {
      where: accountCell(account),
      what: failure === undefined ? (cause ?? 'It was not begun') : causeOf(failure),
      nextStep: failure?.nextStep ?? 'Nothing to do: the next run begins with it',
    },
  ];
}

const skippedAccount = (account: StoredAccount): Trouble => ({
  where: accountCell(account),
  what: capital(account.cause ?? 'it was skipped'),
  nextStep: '',
});

const failedKeys = (run: StoredRun): readonly Trouble[] =>
  keysOf(run)
    .filter(({ key }) => key.outcome === 'failed' || key.outcome === 'partial')
    .map(({ account, key }) => ({
      where: markup`${name(key.userName)} <code>${key.keyId}</code> in ${accountCell(account)}`,
      what: `${key.action}: ${key.cause ?? key.message}`,
      nextStep: key.nextStep ?? '',
    }));

const gaps = (account: StoredAccount): readonly Trouble[] =>
  account.gaps.map(({ userName, failure }) => ({
    where: markup`${name(userName)} in ${accountCell(account)}`,
    what: causeOf(failure),
    nextStep: failure.nextStep,
  }));

interface Found {
  readonly where: Markup;
  readonly finding: Finding;
}

const findingsOf = (run: StoredRun): readonly Found[] => [
  ...run.findings.map((finding) => ({ where: markup`the organization`, finding })),
  ...run.accounts.flatMap((account) =>
    account.findings.map((finding) => ({ where: accountCell(account), finding })),
  ),
];

const troubleOf = ({ where, finding: { message, nextStep = '' } }: Found): Trouble => ({
  where,
  what: message,
  nextStep,
});

/** For the first screen: what is critical, and no count of keys tells. */
export function criticalBanner(run: StoredRun): Markup {
  const critical = findingsOf(run).filter(({ finding }) => finding.severity === 'critical');
  const [first] = critical;
  if (first === undefined) return NOTHING;
  const others = critical.length - 1;
  return markup`<p class="banner critical"><b>Critical, ${first.where}:</b> ${sentence(first.finding.message)}
    <a href="#trouble">${others === 0 ? 'What to do' : `What to do, and ${counted(others, 'more', 'more')}`}</a></p>`;
}
