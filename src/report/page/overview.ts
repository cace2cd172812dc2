import type { StoredRun } from '../../domain/report/stored-run.ts';
import { DAY, wholeDays } from '../../domain/time.ts';
import { counted, minuteOf, number } from '../common/wording.ts';
import type { EarlierRun } from './earlier-run.ts';
import { markup, name, NOTHING, type Markup } from './html.ts';
import { overSince } from './key-state.ts';
import { limitsOf } from './limits.ts';
import { time } from './section.ts';
import type { Measure } from './measure.ts';
import { criticalBanner } from './trouble.ts';
import { trendChart } from './trend-chart.ts';

/** The first screen: how it stands, and whether that gets better. @param earlier runs over the whole organization, newest first */
export function overview(run: StoredRun, now: Measure, earlier: readonly EarlierRun[]): Markup {
  const before = earlier[0];
  const trend = [...earlier].reverse().map(({ at, over }) => ({ at, count: over }));
  const exempt = now.over.filter(({ key }) => key.action === 'exempt').length;
  const isClear = now.over.length === 0;
  return markup`<section class="overview" aria-label="How it stands">
    <div class="hero">
      <div>
        <p class="figure ${isClear ? 'good' : 'bad'}">
          <b>${number(now.over.length)}</b>
          <span>${now.over.length === 1 ? 'active key is' : 'active keys are'} over the limit</span>
        </p>
        <p>
          ${ofAll(run, now)}
          ${exempt === 0 ? '' : `${number(exempt)} of them ${exempt === 1 ? 'is' : 'are'} exempt.`} ${limit(run)}
        </p>
        ${oldest(now)}
        ${before === undefined ? markup`<p class="faint">No earlier run is stored, so there is no trend yet.</p>` : markup`<p>${trendWords(now, earlier)}</p>`}
      </div>
      ${trendChart([...trend, { at: now.at, count: now.over.length }])}
    </div>
    ${criticalBanner(run)}
    <ul class="cards">
      ${card('people', 'warn', now.people.length, now.people.length === 1 ? 'key needs a person' : 'keys need a person', 'an owner or administrator has to decide or act', before?.people)}
      ${card('waiting', 'info', now.waiting.length, now.waiting.length === 1 ? 'replacement nobody moved to' : 'replacements nobody moved to', 'the new key is delivered, the old one still works', before?.waiting)}
      ${card('trouble', 'bad', now.notWorkedOn, now.notWorkedOn === 1 ? 'account not worked on' : 'accounts not worked on', 'nobody knows how old their keys are', before?.notWorkedOn)}
      ${card('trouble', 'bad', failures(run), failures(run) === 1 ? 'failure' : 'failures', 'tried and not done, or could not be read')}
    </ul>
  </section>`;
}

const failures = ({ totals }: StoredRun): number => totals.failed + totals.partial + totals.skippedUsers;

const ofAll = ({ totals, accounts, finishedAt }: StoredRun, { over }: Measure): string => {
  const share = totals.activeKeys === 0 ? 0 : (over.length / totals.activeKeys) * 100;
  const percent = share === 0 || share >= 1 ? `${Math.round(share)} %` : 'less than 1 %';
  return `${percent} of ${counted(totals.activeKeys, 'active key')} in ${counted(accounts.length, 'account')}, as of ${minuteOf(finishedAt)} UTC.`;
};

/** The age from which on a key is over it. */
function limit(run: StoredRun): string {
  const { most, others } = limitsOf(run);
  if (most === undefined) return '';
  const days = counted(Math.round((most.deleteAfter / DAY) * 10) / 10, 'day');
  return `The limit is ${days}${others === 0 ? '' : ' in most accounts'}.`;
}

function oldest({ at, over }: Measure): Markup {
  const [first] = over;
  const since = first === undefined ? undefined : overSince(first, at);
  if (first === undefined || since === undefined) return NOTHING;
  return markup`<p>
    The longest: <code>${first.key.keyId}</code> of ${name(first.key.userName)} in
    ${name(first.account.name, first.account.id)}, since ${time(since)}
    (${counted(wholeDays(since, at), 'day')}${first.key.action === 'exempt' ? ', exempt' : ''}). <a href="#over">All of them</a>
  </p>`;
}

/** Whether it gets better, in words. */
function trendWords(now: Measure, earlier: readonly EarlierRun[]): Markup {
  const [before, first] = [earlier[0], earlier.at(-1)];
  if (before === undefined || first === undefined) return NOTHING;
  const [lately, inAll] = [before, first].map(({ over }) => Math.sign(now.over.length - over));
  const [kind, verdict] = VERDICTS[`${inAll ?? 0} ${lately ?? 0}`] ?? ['same', 'It stays as it is.'];
  const than = (one: EarlierRun) => {
    const change = now.over.length - one.over;
    const words =
      change === 0 ? 'as many as' : `${number(Math.abs(change))} ${change < 0 ? 'fewer' : 'more'} than`;
    return markup`${words} on ${time(one.at)}`;
  };
  return markup`<b class="${kind}">${verdict}</b>
    ${than(before)}${first === before ? '' : markup`, ${than(first)}`}.`;
}

/** By what has become of their number since the first run that is known, and since the last. */
const VERDICTS: Readonly<Record<string, readonly [kind: string, words: string]>> = {
  '-1 -1': ['good', 'It is getting better:'],
  '-1 0': ['good', 'It has got better:'],
  '-1 1': ['warn', 'Better than it was, but worse than in the last run:'],
  '0 -1': ['good', 'Better than in the last run:'],
  '0 0': ['same', 'It stays as it is:'],
  '0 1': ['bad', 'Worse than in the last run:'],
  '1 -1': ['warn', 'Worse than it was, but better than in the last run:'],
  '1 0': ['bad', 'It has got worse:'],
  '1 1': ['bad', 'It is getting worse:'],
};

function card(
  target: string,
  kind: string,
  count: number,
  label: string,
  meaning: string,
  before?: number,
): Markup {
  const change = before === undefined ? 0 : count - before;
  return markup`<li>
    <a class="card ${count === 0 ? 'none' : kind}" href="#${target}"
      ><b>${number(count)}</b> <span class="label">${label}</span>
      <span class="meaning">${count === 0 ? 'nothing to do' : meaning}</span
      >${before === undefined ? NOTHING : markup` <span class="change">${change === 0 ? 'as in the last run' : `${number(Math.abs(change))} ${change < 0 ? 'fewer' : 'more'} than in the last run`}</span>`}</a
    >
  </li>`;
}
