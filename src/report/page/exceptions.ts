import { exclusionGroups, type ExclusionGroup } from '../../domain/report/exclusion.ts';
import type { StoredAccount, StoredRun } from '../../domain/report/stored-run.ts';
import { wholeDays, type Instant } from '../../domain/time.ts';
import { counted, number } from '../common/wording.ts';
import { markup, NOTHING, type Markup } from './html.ts';
import { keysOf, type KeyOfRun } from './key-state.ts';
import { accountCell, firstRows, keyCell, nothing, ownerCell, sectionOf, table, time } from './section.ts';

interface Excluded {
  readonly account: StoredAccount;
  readonly group: ExclusionGroup;
}

/** Who is left alone, who answers for that, and until when. */
export function exceptionsSection(run: StoredRun): Markup {
  const exempt = keysOf(run).filter(({ key }) => key.action === 'exempt');
  const excluded = run.accounts.flatMap((account) =>
    exclusionGroups(account.exclusions).map((group) => ({ account, group })),
  );
  const body = [
    exempt.length === 0 ? NOTHING : exemptions(exempt, run.finishedAt),
    excluded.length === 0 ? NOTHING : exclusions(excluded, run.finishedAt),
  ];
  return sectionOf({
    id: 'exceptions',
    title: 'Exemptions and exclusions',
    body: exempt.length + excluded.length === 0 ? nothing('Nobody is left out.') : markup`${body}`,
  });
}

const exemptions = (exempt: readonly KeyOfRun[], now: Instant): Markup =>
  markup`<h3>Exempt until a date <span class="faint">${number(exempt.length)}</span></h3>
    ${firstRows(
      'Keys that are exempt',
      [
        { label: 'User and key', cell: ({ key }) => keyCell(key) },
        { label: 'Owner', cell: ({ key }) => ownerCell(key) },
        { label: 'Account', cell: ({ account }: KeyOfRun) => accountCell(account) },
        {
          label: 'Age',
          cell: ({ key }) => counted(wholeDays(key.createdAt, now), 'day'),
          isNumber: true,
        },
        { label: 'Until', cell: ({ key: { dueAt, next } }) => until(dueAt ?? next?.at) },
        { label: 'Why, and who answers for it', cell: ({ key }) => key.message },
      ],
      exempt,
      'exempt',
    )}`;

const until = (instant: Instant | undefined): Markup =>
  instant === undefined ? markup`no date` : time(instant);

const exclusions = (excluded: readonly Excluded[], now: Instant): Markup =>
  markup`<h3>Left out by the settings, without an end <span class="faint">${number(excluded.length)}</span></h3>
    <p>Nobody is told how old these keys get, and they are counted nowhere else here.</p>
    ${table(
      'Users that the settings leave out',
      [
        { label: 'Account', cell: ({ account }) => accountCell(account) },
        {
          label: 'Setting',
          cell: ({ group: { setting, selector, from } }) =>
            markup`<code>${setting}</code> ${selector ?? 'names others only'}
              <span class="faint">set at ${from}</span>`,
        },
        {
          label: 'Who answers for it',
          cell: ({ group: { setBy } }) =>
            setBy === undefined ? markup`<span class="faint">not recorded</span>` : markup`${setBy}`,
        },
        { label: 'Users', cell: ({ group }: Excluded) => number(group.users), isNumber: true },
        {
          label: 'Oldest key',
          cell: ({ group: { oldestKeyAt } }) =>
            oldestKeyAt === undefined ? 'not known' : counted(wholeDays(oldestKeyAt, now), 'day'),
          isNumber: true,
        },
      ],
      excluded,
    )}`;
