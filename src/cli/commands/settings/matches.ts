import type { RowChange } from '../../../config/settings-change.ts';
import {
  describeTarget,
  type SettingsSnapshot,
  type Target,
  type UserSelector,
} from '../../../domain/settings/setting.ts';
import { describeSelector } from '../../../domain/settings/user-selector.ts';
import type { Account } from '../../../domain/account.ts';
import { counted } from '../../../report/common/wording.ts';
import { countMatches, type MatchCount } from '../../../run/settings/count-matches.ts';
import type { SettingsCommandContext } from './target.ts';
import type { Warning } from './warnings.ts';

/** What a change says about users: whom it means, and whom it doesn't although somebody is named. */
export interface Matches {
  /** One line for each selector. */
  readonly lines: readonly string[];
  readonly warnings: readonly Warning[];
}

const BY_SELECTORS = ['includeUsers', 'excludeUsers'] as const;

/** Counts whom a setting means that was just typed. A name that means nobody protects nobody, and is warned of. */
export async function matchesOf(
  { target, after, settings }: RowChange,
  snapshot: SettingsSnapshot,
  { access }: SettingsCommandContext,
): Promise<Matches> {
  const none = { lines: [], warnings: [] };
  if (target === undefined || after === undefined) return none;
  const selectors = selectorsIn(target, after.values, new Set(settings.map(({ name }) => name)));
  if (selectors.length === 0) return none;
  const { accounts } = await access.directory.list({ withOus: true });
  const concerned = accounts.filter((account) => concerns(target, account));
  const count = await countMatches(selectors, concerned, snapshot, access.sessions);
  const where = target.level === 'user' ? `account ${target.accountId}` : describeTarget(target);
  return {
    lines: capped(
      selectors.flatMap((selector, index) => describeMatch(selector, count.matched[index], where, count)),
      (more) => `and ${more} more match somebody.`,
    ),
    warnings: [
      ...capped(
        selectors.flatMap((selector, index) => matchesNobody(selector, count.matched[index], where, count)),
        (more) => ({ message: `and ${more} more match nobody` }),
      ),
      ...unread(count),
    ],
  };
}

/** Of a list of thousands nobody reads every line. */
const MOST_LINES = 20;

const capped = <One>(all: readonly One[], rest: (more: number) => One): readonly One[] =>
  all.length <= MOST_LINES ? all : [...all.slice(0, MOST_LINES), rest(all.length - MOST_LINES)];

function selectorsIn(
  target: Target,
  values: NonNullable<RowChange['after']>['values'],
  changed: ReadonlySet<string>,
): readonly UserSelector[] {
  if (target.level === 'user') return [{ by: 'name', pattern: target.userName }];
  return [
    ...BY_SELECTORS.flatMap((name) => (changed.has(name) ? (values[name] ?? []) : [])),
    ...(changed.has('ownerTag') && values.ownerTag !== undefined
      ? [{ by: 'tag', tag: values.ownerTag } as const]
      : []),
  ];
}

function concerns(target: Target, { id, ouPath }: Account): boolean {
  switch (target.level) {
    case 'organization':
      return true;
    case 'organizational-unit':
      return ouPath.includes(target.ouId);
    default:
      return target.accountId === id;
  }
}

function describeMatch(
  selector: UserSelector,
  matched: number | undefined,
  where: string,
  { users, accounts }: MatchCount,
): readonly string[] {
  if (matched === 0 || accounts === 0) return [];
  const text = describeSelector(selector);
  return [
    matched === undefined
      ? `${text}: not counted in ${where}, since the tags of its ${counted(users, 'user')} take a call each.`
      : `${text} matches ${matched} of ${counted(users, 'user')} in ${where}.`,
  ];
}

const matchesNobody = (
  selector: UserSelector,
  matched: number | undefined,
  where: string,
  { users, accounts }: MatchCount,
): readonly Warning[] =>
  matched !== 0 || accounts === 0
    ? []
    : [
        {
          message: `${describeSelector(selector)} matches nobody: none of the ${counted(users, 'user')} in ${where}`,
          nextStep: 'Check how it is written; users who come later are meant, too.',
        },
      ];

const unread = ({ unread: accounts }: MatchCount): readonly Warning[] => {
  const [first] = accounts;
  if (first === undefined) return [];
  const others = accounts.length === 1 ? '' : `, and so are those of ${accounts.length - 1} more`;
  return [
    {
      message: `Whom it means in account ${first.accountId} is not known: its users could not be read${others} (${first.message})`,
    },
  ];
};
