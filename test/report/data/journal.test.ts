import { expect } from 'chai';
import type { RowChange, RowValues } from '../../../src/domain/report/row-change.ts';
import { journalOf } from '../../../src/report/data/journal.ts';

const AT = Date.UTC(2026, 10, 30, 12);
const ANN = 'arn:aws:sts::123456789012:assumed-role/operators/ann';
const ENTRY = {
  at: AT,
  runId: 'run-1',
  by: ANN,
  what: 'deactivated',
  userName: 'svc-ledger',
  accessKeyId: 'AKIA1',
  reason: 'moved',
  message: 'It is not used any more.',
  expiresAt: 1,
};
const KEPT = {
  accountId: '111122223333',
  at: '2026-11-30T12:00:00.000Z',
  runId: 'run-1',
  by: ANN,
  what: 'deactivated',
  userName: 'svc-ledger',
  accessKeyId: 'AKIA1',
  reason: 'moved',
  why: 'It is not used any more.',
};
const SETTINGS = {
  values: { mode: 'audit', rotateAfter: '60' },
  final: [],
  updatedAt: '2026-11-30T11:00:00.000Z',
  updatedBy: 'arn:aws:iam::123456789012:user/ben',
};
const ENFORCED = {
  values: { mode: 'enforce', rotateAfter: '60' },
  final: ['mode'],
  updatedAt: '2026-11-30T12:00:00.000Z',
  updatedBy: ANN,
};

const change = (
  pk: string,
  sk: string,
  before: RowValues | undefined,
  after: RowValues | undefined,
  expired = false,
): RowChange => ({
  pk,
  sk,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
  expired,
});
const HISTORY = 'history#111122223333';
const history = (before?: RowValues, after?: RowValues, expired = false) =>
  change(HISTORY, '2026-11-30#deactivated#AKIA1#run-1', before, after, expired);
/** What people add when they change settings. */
const SAID = { ...ENTRY, what: 'settings-changed', reason: 'mode' };
const added = (before?: RowValues, after?: RowValues, expired = false) =>
  change('settings-history#organization', '2026-11-30#settings-changed##run-1', before, after, expired);
const settings = (before?: RowValues, after?: RowValues, sk = 'account#111122223333') =>
  change('settings', sk, before, after);

describe('the journal', () => {
  it('keeps what is added to the history, field by field, and tells nobody', () => {
    expect(journalOf([history(undefined, ENTRY)])).to.deep.equal({
      lines: [{ level: 'info', message: 'history', about: KEPT }],
    });
  });

  it('keeps no field that an entry does not have, so nothing gets in that somebody put beside them', () => {
    const { lines } = journalOf([history(undefined, { ...ENTRY, SecretAccessKey: 'hidden', by: 7 })]);
    const { by: _, ...rest } = KEPT;
    expect(lines.map(({ about }) => about)).to.deep.equal([rest]);
  });

  for (const [title, at] of [
    ['no moment', 'yesterday'],
    ['no moment that there is', Number.NaN],
    ['a moment beyond all time', 1e300],
  ] as const) {
    it(`keeps an entry that has ${title}`, () => {
      const { lines } = journalOf([history(undefined, { ...ENTRY, at })]);
      expect(lines.map(({ about }) => about)).to.deep.equal([{ ...KEPT, at: undefined }]);
    });
  }

  for (const [title, after, what] of [
    ['changes', { ...ENTRY, by: 'nobody' }, 'an entry of the history was changed'],
    ['removes', undefined, 'an entry of the history was removed'],
  ] as const) {
    it(`keeps an entry that somebody ${title}, as it was, and tells of it`, () => {
      const { lines, notification } = journalOf([history(ENTRY, after)]);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.deep.include({ level: 'warn', message: what });
      const { accountId: _, ...was } = KEPT;
      expect(lines[0]?.about).to.deep.include({ before: was });
      expect(notification?.subject).to.include('records were changed');
      expect(notification?.text).to.include(`2026-11-30#deactivated#AKIA1#run-1: ${what}`);
      expect(notification?.attributes).to.deep.equal({ severity: 'critical' });
    });
  }

  it('tells of a setting that changes who changed it, when, and which it is', () => {
    const { lines, notification } = journalOf([settings(SETTINGS, ENFORCED)]);
    expect(lines).to.deep.equal([
      {
        level: 'info',
        message: 'settings changed',
        about: {
          whose: 'account#111122223333',
          by: ANN,
          at: ENFORCED.updatedAt,
          names: ['mode', 'final'],
          before: SETTINGS.values,
          after: ENFORCED.values,
          final: ['mode'],
        },
      },
    ]);
    expect(notification?.subject).to.equal('Access key rotation: settings were changed');
    expect(notification?.text.split('\n')).to.include(
      `- account#111122223333: by ${ANN}, ${ENFORCED.updatedAt}: mode, final`,
    );
    expect(notification?.attributes).to.deep.equal({ severity: 'warning' });
  });

  for (const [title, before, after, says] of [
    ['a row that is new', undefined, ENFORCED, `by ${ANN}, ${ENFORCED.updatedAt}: mode, rotateAfter, final`],
    ['a row that goes', SETTINGS, undefined, 'removed (by whom, the history says): mode, rotateAfter'],
    ['a row that says nobody', undefined, { values: { mode: 'audit' } }, 'by nobody says by whom: mode'],
    ['a row that is no settings', undefined, { values: 'audit' }, 'by nobody says by whom: nothing in it'],
  ] as const) {
    it(`tells of ${title}`, () =>
      expect(journalOf([settings(before, after)]).notification?.text).to.include(`: ${says}\n`));
  }

  for (const [title, ignored] of [
    ['what a person says of settings, until it is in the history', added(undefined, SAID)],
    ['the same when its time is over', added(SAID, undefined, true)],
    ['the version of the settings', change('settings', 'version', { version: 1 }, { version: 2 })],
    ['an entry whose time is over', history(ENTRY, undefined, true)],
    ['a key that is forgotten in time', change('account#1', 'key#AKIA1', { goneAt: AT }, undefined, true)],
    ['what runs write about a key', change('account#1', 'key#AKIA1', {}, { deliveredAt: AT })],
    ['a lease that is given back', change('account#1', 'lease', { runId: 'run-1' }, undefined)],
    ['an intent that is closed', change('account#1', 'intent#ann', {}, undefined)],
    ['what runs remember', change('run', 'last', {}, {})],
  ] as const) {
    it(`leaves out ${title}`, () => expect(journalOf([ignored])).to.deep.equal({ lines: [] }));
  }

  for (const [title, one, says] of [
    ['written over', added(SAID, { ...SAID, by: 'somebody else' }), 'an entry of the history was changed'],
    ['deleted', added(SAID, undefined), 'an entry of the history was removed'],
    ['added, and says something else', added(undefined, ENTRY), 'something else than settings was added'],
  ] as const) {
    it(`raises an alarm when what a person says of settings is ${title}`, () => {
      const { lines, notification } = journalOf([one]);
      expect(lines.map(({ level }) => level)).to.deep.equal(['warn']);
      expect(notification?.attributes).to.deep.equal({ severity: 'critical' });
      expect(notification?.text).to.include(says);
    });
  }

  for (const [pk, sk] of [
    ['account#111122223333', 'key#AKIA1'],
    ['settings', 'version'],
  ] as const) {
    it(`tells that somebody removed ${pk} / ${sk}, which nobody ought to`, () => {
      const { lines, notification } = journalOf([change(pk, sk, { version: 7 }, undefined)]);
      expect(lines).to.deep.equal([
        {
          level: 'warn',
          message: 'a row of the ledger was removed',
          about: { row: `${pk} / ${sk}`, before: { version: 7 }, after: undefined },
        },
      ]);
      expect(notification?.text).to.include(`- ${pk} / ${sk}: a row of the ledger was removed`);
    });
  }

  it('is one message of bounded size, however much was changed, and the log has all of it', () => {
    const many = Array.from({ length: 2000 }, (_, index) =>
      settings(undefined, ENFORCED, `user#111122223333#${'x'.repeat(900)}${index}`),
    );
    const { lines, notification } = journalOf(many);
    expect(lines).to.have.length(2000);
    expect(notification?.text).to.include('Settings that changed (2000):');
    expect(notification?.text).to.include('- and 1950 more, in the log');
    expect(Buffer.byteLength(JSON.stringify(notification))).to.be.below(200_000);
  });

  it('can not be made to say what its rows do not', () => {
    const forged = { ...ENFORCED, updatedBy: 'me\n- account#1: by nobody', updatedAt: 'now\u202e\r\nx' };
    const { notification } = journalOf([settings(undefined, forged, 'account#1\nall is well')]);
    expect(notification?.text.split('\n').filter((line) => line.startsWith('- '))).to.have.length(1);
    expect(notification?.text).not.to.include('\u202e');
    expect(notification?.subject).to.match(/^[ -~]{1,100}$/);
  });
});
