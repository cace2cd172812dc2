import type { ListedException } from '../../domain/report/evidence/exceptions.ts';
import type {
  ActionDone,
  Evidence,
  PeriodRun,
  SettingThatHeld,
} from '../../domain/report/evidence/evidence.ts';
import { counted, dayOf, minuteOf } from '../common/wording.ts';
import { markup, name, NOTHING, type Markup } from '../page/html.ts';
import { accountCell, nothing, sectionOf, table, time, type Column } from '../page/section.ts';
import { firstOf } from './first-of.ts';

/* By what rules and doings the organization came to what the controls say of it. */

interface Placed {
  readonly accountId: string;
  readonly accountName: string;
}

const accountColumn: Column<Placed> = {
  label: 'Account',
  cell: ({ accountId, accountName }) => accountCell({ id: accountId, name: accountName }),
};

const userAndKey: Column<{ readonly userName: string; readonly keyId?: string }> = {
  label: 'User and key',
  cell: ({ userName, keyId }) =>
    markup`${name(userName)} ${keyId === undefined ? NOTHING : markup`<code>${keyId}</code>`}`,
};

const KINDS: Readonly<Record<ListedException['kind'], string>> = {
  exemption: 'exempt until a date',
  exclusion: 'left out by the settings',
  'rotation-under-way': 'two keys, rotation under way',
};

export const exceptionsSection = ({ exceptions }: Evidence): Markup =>
  sectionOf({
    id: 'exceptions',
    title: 'Exceptions',
    lead: 'Whom the settings leave out is not assessed at all.',
    body:
      exceptions.length === 0
        ? nothing('There is none.')
        : firstOf(exceptions, 'exceptions.csv', (shown) =>
            table<ListedException>(
              'Exceptions',
              [
                userAndKey,
                accountColumn,
                { label: 'What', cell: ({ kind }) => KINDS[kind] },
                { label: 'Why', cell: ({ reason }) => reason },
                {
                  label: 'Who answers for it',
                  cell: ({ owner, setBy }) =>
                    owner ?? setBy ?? markup`<span class="faint">nobody named</span>`,
                },
                {
                  label: 'Until',
                  cell: ({ until, kind }) =>
                    until !== undefined
                      ? time(until)
                      : kind === 'exclusion'
                        ? 'no end'
                        : 'its owner has moved',
                },
              ],
              shown,
            ),
          ),
  });

export const actionsSection = ({ actions, period }: Evidence): Markup =>
  sectionOf({
    id: 'actions',
    title: 'What was done',
    lead: `From ${dayOf(period.since)} to ${dayOf(period.until)}, by the runs below.`,
    body:
      actions.length === 0
        ? nothing('Nothing was done by the runs of which a report is kept.')
        : firstOf(actions, 'actions.csv', (shown) =>
            table<ActionDone>(
              'What was done',
              [
                { label: 'When', cell: ({ at }) => time(at) },
                {
                  label: 'What',
                  cell: ({ what, newKeyId }) =>
                    markup`${what} ${newKeyId === undefined ? NOTHING : markup`by <code>${newKeyId}</code>`}`,
                },
                userAndKey,
                accountColumn,
                { label: 'By whom', cell: byWhom },
                { label: 'Why', cell: ({ why }) => why },
              ],
              shown,
            ),
          ),
  });

const byWhom = ({ runId, requestedBy }: Pick<PeriodRun, 'runId' | 'requestedBy'>): Markup =>
  requestedBy === undefined
    ? markup`the run <span class="faint">${runId}</span>`
    : markup`${requestedBy} <span class="faint">${runId}</span>`;

export const settingsSection = ({ settings }: Evidence): Markup =>
  sectionOf({
    id: 'settings',
    title: 'Settings that held',
    lead: 'Those of the organization, and what differs from them in an account. What is set for one user shows in its results.',
    body:
      settings.length === 0
        ? nothing('The report of this run has no settings: it is older than that, or they could not be read.')
        : firstOf(settings, 'settings.csv', (shown) =>
            table<SettingThatHeld>(
              'Settings that held',
              [
                { label: 'For', cell: ({ accountId }) => accountId ?? 'the organization' },
                { label: 'Setting', cell: ({ name: called }) => markup`<code>${called}</code>` },
                { label: 'Value', cell: ({ value }) => value },
                { label: 'Set at', cell: ({ from }) => from },
                {
                  label: 'Who set it last',
                  cell: ({ setBy, from }) =>
                    setBy ?? markup`<span class="faint">${from === 'default' ? '' : 'not recorded'}</span>`,
                },
              ],
              shown,
            ),
          ),
  });

export const runsSection = ({ period }: Evidence): Markup =>
  sectionOf({
    id: 'runs',
    title: 'Runs of the period',
    lead: `${counted(period.runs.length, 'run')} of which a report is kept. What is older than the setting for keeping them is gone, and is in the history of each account.`,
    body: firstOf(period.runs, 'evidence.json', (shown) =>
      table<PeriodRun>(
        'Runs of the period',
        [
          { label: 'Finished', cell: ({ finishedAt }) => `${minuteOf(finishedAt)} UTC` },
          { label: 'Run', cell: ({ runId }) => markup`<code>${runId}</code>` },
          { label: 'About', cell: ({ isWhole }) => (isWhole ? 'the organization' : 'a part of it') },
          { label: 'Asked for by', cell: ({ requestedBy }) => requestedBy ?? 'the schedule' },
          {
            label: 'Report',
            cell: ({ isRead }) => (isRead ? 'read' : 'can not be understood: what it did is missing'),
          },
        ],
        shown,
      ),
    ),
  });
