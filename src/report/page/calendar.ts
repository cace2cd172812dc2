import type { StoredRun } from '../../domain/report/stored-run.ts';
import { DAY, dateOf, type Instant } from '../../domain/time.ts';
import { counted } from '../common/wording.ts';
import { keysOf } from './key-state.ts';
import { markup, NOTHING, type Markup } from './html.ts';
import { nothing } from './section.ts';

const DAYS_SHOWN = 30;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What can come on a day, in the order in which it is told. */
const KINDS = {
  deactivate: ['to switch off', 'off'],
  delete: ['to delete', 'delete'],
  replace: ['to replace', 'replace'],
  person: ['for a person', 'person'],
  'exemption-ends': ['exemption ends', 'exempt'],
} as const;
type Kind = keyof typeof KINDS;

/** By day, of the whole time that is shown. What should have come already is counted for the first day. */
function comingDays(run: StoredRun): ReadonlyMap<string, Readonly<Partial<Record<Kind, number>>>> {
  const now = run.finishedAt;
  const days = new Map<string, Partial<Record<Kind, number>>>();
  const add = (day: string, kind: Kind, count: number) => {
    const there = days.get(day) ?? {};
    days.set(day, { ...there, [kind]: (there[kind] ?? 0) + count });
  };
  const [today, end] = [dateOf(now), dateOf(now + DAYS_SHOWN * DAY)];
  const on = (day: string, kind: Kind, count: number) => {
    if (day < end) add(day < today ? today : day, kind, count);
  };
  for (const { key } of keysOf(run)) {
    if (key.next?.at !== undefined && key.status !== 'deleted') on(dateOf(key.next.at), key.next.what, 1);
  }
  for (const { quiet } of run.accounts) {
    for (const [day, count] of Object.entries(quiet?.dueOn ?? {})) on(day, 'replace', count);
  }
  return days;
}

/** Whole weeks, from the Monday before on. */
export function calendar(run: StoredRun): Markup {
  const days = comingDays(run);
  if (days.size === 0) return nothing(`Nothing falls due in the next ${DAYS_SHOWN} days.`);
  const today = dateOf(run.finishedAt);
  const start = Date.parse(today);
  const monday = start - ((new Date(start).getUTCDay() + 6) % 7) * DAY;
  const weeks = Math.ceil((start - monday + DAYS_SHOWN * DAY) / (7 * DAY));
  const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
  const cell = (at: Instant, weekday: string): Markup => {
    const day = dateOf(at);
    const isOut = at < start || at >= start + DAYS_SHOWN * DAY;
    const coming = days.get(day);
    const isNamed = at === monday || day.endsWith('-01');
    const label = markup`${Number(day.slice(8))}<span class="${isNamed ? 'named' : 'month'}">
        ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''}</span
      >`;
    const classes = [
      isOut ? 'out' : '',
      day === today ? 'today' : '',
      coming === undefined ? 'empty' : '',
    ].join(' ');
    return markup`<td role="cell" class="${classes}">
      <span class="day"><span class="weekday">${weekday} </span>${label}</span
      >${isOut || coming === undefined ? NOTHING : entries(day, coming)}
    </td>`;
  };
  return markup`<table class="calendar" role="table">
    <caption class="unseen">
      What happens in the next ${DAYS_SHOWN} days
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${names.map((one) => markup`<th role="columnheader" scope="col"><abbr title="${one}">${one.slice(0, 3)}</abbr></th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${Array.from(
        { length: weeks },
        (_, week) =>
          markup`<tr role="row">
            ${names.map((weekday, index) => cell(monday + (week * 7 + index) * DAY, weekday.slice(0, 3)))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const entries = (day: string, coming: Readonly<Partial<Record<Kind, number>>>): Markup =>
  markup`<ul>
    ${(Object.keys(KINDS) as Kind[]).flatMap((kind) => {
      const count = coming[kind];
      const [words, className] = KINDS[kind];
      return count === undefined
        ? []
        : [
            markup`<li>
              <button
                type="button"
                class="event ${className}"
                data-day="${day}"
                data-next="${kind}"
                title="${day}: ${counted(count, 'key')} ${words}"
              >
                <b>${count}</b> ${words}
              </button>
            </li>`,
          ];
    })}
  </ul>`;
