import type { StoredKey } from '../../domain/report/stored-run.ts';
import { wholeDays, type Instant } from '../../domain/time.ts';
import { groupBy } from '../common/order.ts';
import { sentence, whole } from '../common/sanitize.ts';
import { counted } from '../common/wording.ts';
import { markup, name, NOTHING, type Markup } from './html.ts';
import { overSince, type KeyOfRun } from './key-state.ts';
import { isChoice, theTwoKeys, whichOfTwo } from './two-keys.ts';
import type { Measure } from './measure.ts';
import {
  type Column,
  accountCell,
  firstRows,
  keyCell,
  keysOfUsers,
  nothing,
  ownerCell,
  sectionOf,
  time,
} from './section.ts';

/* Keys that somebody has to do something about. */

const who = [
  { label: 'User and key', cell: ({ key }: KeyOfRun) => keyCell(key) },
  { label: 'Owner', cell: ({ key }: KeyOfRun) => ownerCell(key) },
  { label: 'Account', cell: ({ account }: KeyOfRun) => accountCell(account) },
] as const;

export function peopleSection({ people }: Measure): Markup {
  const users = [
    ...groupBy(people, ({ account, key }) => `${account.id} ${key.userName} ${key.reason}`).values(),
  ];
  return sectionOf({
    id: 'people',
    title: 'Needs a person',
    body:
      people.length === 0
        ? nothing('Nothing waits for a person.')
        : markup`<p class="lead">${keysOfUsers(people)}. None of these can be finished without somebody.</p>
            ${firstRows(
              'Keys that need a person',
              [
                { label: 'User and key', cell: keysCell },
                { label: 'Owner', cell: ([one]) => (one === undefined ? NOTHING : ownerCell(one.key)) },
                {
                  label: 'Account',
                  cell: ([one]) => (one === undefined ? NOTHING : accountCell(one.account)),
                },
                {
                  label: 'What is the matter',
                  cell: ([one]) => (one === undefined ? NOTHING : matter(one)),
                },
                { label: 'What to do', cell: ([one]) => (one === undefined ? NOTHING : whatToDo(one)) },
              ] satisfies readonly Column<readonly KeyOfRun[]>[],
              users,
              'person',
            )}`,
  });
}

/** A user, and each key that this is about. */
const keysCell = (keys: readonly KeyOfRun[]): Markup =>
  markup`${name(keys[0]?.key.userName ?? '')} ${keys.map(({ key }) => markup`<code>${key.keyId}</code> `)}`;

const matter = (one: KeyOfRun): Markup =>
  isChoice(one) ? theTwoKeys(one) : markup`${sentence(one.key.message)}`;

/** The step that was named, or else the one that the reason asks for. */
function whatToDo(one: KeyOfRun): Markup {
  const { account, key } = one;
  if (key.nextStep !== undefined) return markup`${sentence(key.nextStep)}`;
  if (key.replacedBy !== undefined && key.action !== 'blocked') {
    return markup`Move what uses it to ${markup`<code>${key.replacedBy}</code>`}, which is in the secret of the
    user. ${usedBy(key)}`;
  }
  return markup`${isChoice(one) ? whichOfTwo : 'The owner decides.'} The digest of the account and this command say more:
    <code>access-key-rotation status --account ${account.id} --user ${whole(key.userName)}</code>`;
}

const usedBy = ({ lastUse: use }: StoredKey): string =>
  use.kind !== 'used' || use.service === undefined
    ? ''
    : `The old one was used last by ${[use.service, use.region].filter((part) => part !== undefined).join(' in ')}.`;

export const overSection = ({ over, at }: Measure): Markup =>
  sectionOf({
    id: 'over',
    title: 'Over the limit',
    body:
      over.length === 0
        ? nothing('No active key is older than its policy allows.')
        : markup`<p class="lead">${keysOfUsers(over)}, the longest first.</p>
            ${firstRows(
              'Active keys over the limit',
              [
                ...who,
                {
                  label: 'Over since',
                  cell: (one) => {
                    const since = overSince(one, at) ?? at;
                    return markup`${time(since)}
                      <span class="faint">${counted(wholeDays(since, at), 'day')}</span>`;
                  },
                },
                { label: 'What happens', cell: whatHappens },
              ],
              over,
              'over',
            )}`,
  });

/** What a person has to decide is told once, where it says what to do. */
const whatHappens = ({ key }: KeyOfRun): Markup =>
  key.action === 'blocked'
    ? markup`Nothing by itself: it <a href="#people">needs a person</a>.`
    : markup`${sentence(key.message)}`;

export const waitingSection = ({ waiting, at }: Measure): Markup =>
  sectionOf({
    id: 'waiting',
    title: 'Replacements nobody has moved to',
    body:
      waiting.length === 0
        ? nothing('Every owner has moved to the new key, or no key is being replaced.')
        : markup`<p class="lead">${keysOfUsers(waiting)}. The new key is in the owner's secret.</p>
            ${firstRows(
              'Replaced keys whose owner has not moved',
              [
                ...who,
                {
                  label: 'New key since',
                  cell: (one) => newKeySince(one, at),
                },
                { label: 'Old key last used', cell: ({ key }) => lastUse(key) },
                { label: 'Old key goes', cell: ({ key }) => goes(key) },
              ],
              waiting,
              'waiting',
            )}`,
  });

function newKeySince({ account, key }: KeyOfRun, at: Instant): Markup {
  const since = account.keys.find(({ keyId }) => keyId === key.replacedBy)?.deliveredAt;
  return since === undefined
    ? markup`<span class="faint">not known</span>`
    : markup`${time(since)} <span class="faint">${counted(wholeDays(since, at), 'day')}</span>`;
}

function lastUse({ lastUse: use }: Pick<StoredKey, 'lastUse'>): Markup {
  if (use.kind !== 'used') return markup`${use.kind === 'never' ? 'never' : 'not known'}`;
  const by = [use.service, use.region].filter((part) => part !== undefined).join(' in ');
  return markup`${time(use.at)} <span class="faint">${by}</span>`;
}

const goes = ({ next }: StoredKey): Markup | string =>
  next?.what !== 'deactivate'
    ? 'not by itself'
    : next.at === undefined
      ? 'once its owner has moved'
      : markup`off on ${time(next.at)}`;
