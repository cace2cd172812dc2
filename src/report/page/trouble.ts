import type { StoredAccount, StoredRun } from '../../domain/report/stored-run.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { causeOf, counted } from '../common/wording.ts';
import { sentence } from '../common/sanitize.ts';
import { markup, name, type Markup } from './html.ts';
import { keysOf } from './key-state.ts';
import { accountCell, nothing, sectionOf, table } from './section.ts';

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
  const found = [
    ...run.findings.map((one) => finding(markup`the organization`, one)),
    ...ofAccounts(accounts),
  ];
  const skipped = accounts.filter(({ status }) => status === 'skipped');
  const parts = [
    ...part('Accounts not worked on', out),
    ...part('Failures', failed),
    ...part('To be known', found),
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
              { label: 'What to do', cell: ({ nextStep }: Trouble) => sentence(nextStep) },
            ],
            rows.slice(0, MOST_TROUBLES),
          )}${rows.length > MOST_TROUBLES ? markup`<p class="more">and ${counted(rows.length - MOST_TROUBLES, 'more', 'more')}: the stored report has them all.</p>` : ''}`,
      ];

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
  what: account.cause ?? 'It was skipped',
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

const ofAccounts = (accounts: readonly StoredAccount[]): readonly Trouble[] =>
  accounts.flatMap((account) => account.findings.map((one) => finding(accountCell(account), one)));

const finding = (where: Markup, { message, nextStep = '' }: Finding): Trouble => ({
  where,
  what: message,
  nextStep,
});
