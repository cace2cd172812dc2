import type { QuietKey, StoredRun } from '../../domain/report/stored-run.ts';
import { DAY } from '../../domain/time.ts';
import { counted, dayOf, minuteOf, number } from '../common/wording.ts';
import { ageChart } from './age-chart.ts';
import { SCRIPT } from './assets.ts';
import { calendar } from './calendar.ts';
import { changesSection } from './changes.ts';
import { documentOf } from './document.ts';
import type { EarlierRun } from './earlier-run.ts';
import { exceptionsSection } from './exceptions.ts';
import { markup, type Markup } from './html.ts';
import { keysOf } from './key-state.ts';
import { limitsOf } from './limits.ts';
import { measure } from './measure.ts';
import { overview } from './overview.ts';
import { pageData } from './page-rows.ts';
import { overSection, peopleSection, waitingSection } from './people.ts';
import { nothing, sectionOf } from './section.ts';
import { troubleSection } from './trouble.ts';

export interface PageInput {
  readonly run: StoredRun;
  /** The keys that the run did not look at one by one. */
  readonly quiet: readonly QuietKey[];
  /** Earlier runs, newest first: for the trend, for what has changed, and for what was done. */
  readonly before: readonly EarlierRun[];
  /** It tells what a run would do now, and no run has done it. */
  readonly isLive: boolean;
}

/**
 * A run as one HTML file, for people: no network, nothing beside it. Style and script are its own and known
 * by their hashes; everything else that comes from outside is text.
 */
export function reportPage({ run, quiet, before, isLive }: PageInput): string {
  const now = measure(run);
  const whole = before.filter(({ isWhole }) => isWhole);
  const lastRun = whole[0]?.run;
  return documentOf({
    title: `Access keys, ${dayOf(run.finishedAt)}`,
    skipTo: 'the report',
    header: markup`<header class="top">
          <div>
            <h1>Access keys</h1>
            <p>${describeRun(run)}</p>
          </div>
          <div class="tools" id="tools"></div>
        </header>
        <nav aria-label="Sections">
          <ul>
            ${SECTIONS.map(([id, title]) => markup`<li><a href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>`,
    main: markup`${run.isWhole ? '' : markup`<p class="banner">This run was about a part of the organization only.</p>`}
          ${isLive ? markup`<p class="banner">Looked up now, and nothing was changed. What is due is what the next run would do.</p>` : ''}
          ${run.isAudit && !isLive ? markup`<p class="banner">Nothing was changed: this run only looked. What it would do is held back.</p>` : ''}
          ${overview(run, now, run.isWhole ? whole : [])} ${peopleSection(now)} ${overSection(now)}
          ${waitingSection(now)} ${troubleSection(run)}
          ${changesSection(run, now, run.isWhole ? lastRun : undefined)} ${comingSection(run)}
          ${ageSection(run, quiet)}
          <section id="groups" aria-labelledby="groups-title">
            <h2 id="groups-title">By account, owner and unit</h2>
            <div id="groups-table">${NEEDS_SCRIPT}</div>
          </section>
          <section id="keys" aria-labelledby="keys-title">
            <h2 id="keys-title">All keys</h2>
            <div id="keys-table">${NEEDS_SCRIPT}</div>
          </section>
          <section id="done" aria-labelledby="done-title">
            <h2 id="done-title">What was done</h2>
            <div id="done-table">${NEEDS_SCRIPT}</div>
          </section>
          ${exceptionsSection(run)} ${rolesSection(run, quiet)}`,
    footer: markup`<p>
            Made by access-key-rotation from run ${run.runId}. Days are those of UTC. AWS tells of the use of
            a key hours later. No secret is in this file.
          </p>`,
    script: { code: SCRIPT, data: pageData(run, quiet, before) },
  });
}

const SECTIONS = [
  ['people', 'Needs a person'],
  ['over', 'Over the limit'],
  ['waiting', 'Not moved to'],
  ['trouble', 'Failures'],
  ['changes', 'Changed'],
  ['coming', 'Next 30 days'],
  ['ages', 'Ages'],
  ['groups', 'By account'],
  ['keys', 'All keys'],
  ['done', 'Done'],
  ['exceptions', 'Exemptions'],
] as const;

const NEEDS_SCRIPT = nothing(
  'This table is made by the script in this file, and scripts are switched off here: open the file in a browser.',
);

const describeRun = (run: StoredRun): Markup =>
  markup`${minuteOf(run.finishedAt)} UTC <span class="badge">mode ${run.mode}</span>
    <span class="faint">run ${run.runId}</span>`;

const comingSection = (run: StoredRun): Markup =>
  sectionOf({
    id: 'coming',
    title: 'The next 30 days',
    lead: 'As it stands now. What an owner does meanwhile changes it. Press an entry to see its keys.',
    body: calendar(run),
  });

function ageSection(run: StoredRun, quiet: readonly QuietKey[]): Markup {
  const created = [
    ...keysOf(run).flatMap(({ key }) => (key.status === 'active' ? [key.createdAt] : [])),
    ...quiet.map(({ createdAt }) => createdAt),
  ];
  const { most, others } = limitsOf(run);
  return sectionOf({
    id: 'ages',
    title: 'Age of the active keys',
    lead: `${counted(created.length, 'active key')}.${others === 0 ? '' : ` The lines are those of most accounts; ${counted(others, 'account has', 'accounts have')} other ones.`}`,
    body:
      most === undefined || created.length === 0
        ? nothing('No active key is known.')
        : ageChart(
            created.map((at) => run.finishedAt - at),
            most,
          ),
  });
}

const IN_USE = 30 * DAY;

/** A word on the keys that should not be there at all. */
function rolesSection(run: StoredRun, quiet: readonly QuietKey[]): Markup {
  const keys = [...keysOf(run).flatMap(({ key }) => (key.status === 'active' ? [key] : [])), ...quiet];
  const inUse = keys.filter(
    ({ lastUse }) => lastUse.kind === 'used' && run.finishedAt - lastUse.at <= IN_USE,
  ).length;
  const unknown = keys.filter(({ lastUse }) => lastUse.kind === 'unknown').length;
  return sectionOf({
    id: 'roles',
    title: "What rotation can't mend",
    body: markup`<p>
      Of ${counted(keys.length, 'active key')} ${number(inUse)} ${inUse === 1 ? 'was' : 'were'} used in the last 30
      days${unknown === 0 ? '' : `; the last use of ${number(unknown)} others was not read`}.
      Rotation makes a leaked key work for a shorter time; it makes none unnecessary. What runs in AWS can
      have a role of its own instead, people can sign in with IAM Identity Center, and what runs elsewhere can
      use IAM Roles Anywhere: each of those ends a key for good.
    </p>`,
  });
}
