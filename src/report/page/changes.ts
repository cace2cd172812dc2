import type { StoredRun } from '../../domain/report/stored-run.ts';
import { counted, dayOf, number } from '../common/wording.ts';
import { markup, name, type Markup } from './html.ts';
import { idOf, keysOf, type KeyOfRun } from './key-state.ts';
import { measure, type Measure } from './measure.ts';
import { nothing, sectionOf } from './section.ts';

/** What is other than in the last run over the whole organization, and what both say of it. */
export function changesSection(run: StoredRun, now: Measure, lastRun: StoredRun | undefined): Markup {
  const changes = lastRun === undefined ? undefined : changesSince(run, now, lastRun, measure(lastRun));
  return sectionOf({
    id: 'changes',
    title: 'Changed since the last run',
    body:
      changes === undefined || lastRun === undefined
        ? nothing('No earlier run over the whole organization is stored.')
        : markup`<p class="lead">Since the run of ${dayOf(lastRun.finishedAt)}.</p>
            ${
              changes.length === 0
                ? nothing('Nothing.')
                : markup`<ul class="changes">
                    ${changes.map(line)}
                  </ul>`
            }`,
  });
}

interface Change {
  readonly what: string;
  readonly kind: 'good' | 'bad' | 'plain';
  readonly keys: readonly KeyOfRun[];
}

function changesSince(run: StoredRun, now: Measure, lastRun: StoredRun, last: Measure): readonly Change[] {
  const had = new Map(keysOf(lastRun).map((one) => [idOf(one), one]));
  const keys = keysOf(run);
  const has = new Map(keys.map((one) => [idOf(one), one]));
  const done = (action: string) =>
    keys.filter(({ key }) => key.outcome === 'applied' && key.action === action);
  const isFirst = (matches: (one: KeyOfRun) => boolean) =>
    keys.filter((one) => {
      const before = had.get(idOf(one));
      return matches(one) && (before === undefined || !matches(before));
    });
  const all: readonly Change[] = [
    { what: 'now over the limit', kind: 'bad', keys: without(now.over, last.over) },
    { what: 'no longer over the limit', kind: 'good', keys: asIs(without(last.over, now.over), has) },
    { what: 'now waiting for a person', kind: 'bad', keys: without(now.people, last.people) },
    {
      what: 'no longer waiting for a person',
      kind: 'good',
      keys: asIs(without(last.people, now.people), has),
    },
    {
      what: 'whose owner has moved to the new one',
      kind: 'good',
      keys: isFirst(({ key }) => key.adoption === 'moved'),
    },
    { what: 'replaced', kind: 'plain', keys: done('replace') },
    { what: 'switched off', kind: 'plain', keys: done('deactivate') },
    { what: 'deleted', kind: 'plain', keys: done('delete') },
    { what: 'switched on again', kind: 'plain', keys: done('restore') },
  ];
  return all.filter(({ keys: changed }) => changed.length > 0);
}

function without(some: readonly KeyOfRun[], others: readonly KeyOfRun[]): readonly KeyOfRun[] {
  const ids = new Set(others.map(idOf));
  return some.filter((one) => !ids.has(idOf(one)));
}

/** As they are now, where they are still there. */
const asIs = (some: readonly KeyOfRun[], has: ReadonlyMap<string, KeyOfRun>): readonly KeyOfRun[] =>
  some.map((one) => has.get(idOf(one)) ?? one);

/** More names than this nobody reads in a sentence. */
const MOST_NAMES = 4;

const line = ({ what, kind, keys }: Change): Markup => {
  const more = keys.length - MOST_NAMES;
  return markup`<li class="${kind}">
    <b>${counted(keys.length, 'key')}</b> ${what}:
    ${keys.slice(0, MOST_NAMES).map(
      ({ account, key }, index) =>
        markup`${index === 0 ? '' : markup`, `}${name(key.userName)}
            <span class="faint">(${name(account.name, account.id)})</span>`,
    )}${more > 0 ? markup` and ${number(more)} more` : ''}
  </li>`;
};
