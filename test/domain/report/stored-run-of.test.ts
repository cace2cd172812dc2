import { expect } from 'chai';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { storedRunOf } from '../../../src/domain/report/stored-run-of.ts';
import type { StoredKey } from '../../../src/domain/report/stored-run.ts';
import type { Policy } from '../../../src/domain/rotation/policy.ts';
import { settingsOfAccount } from '../../../src/domain/settings/account-settings.ts';
import { DAY, days } from '../../../src/domain/time.ts';
import {
  account,
  applied,
  decision,
  failed,
  gap,
  held,
  key,
  notEntered,
  partial,
  policy,
  rotatedAccount,
  runReport,
  snapshotOf,
  T0,
  unreachable,
  untouched,
  accountSettings,
} from '../../support/builders.ts';

const ABOUT = { isWhole: true, quietFiles: 0 };
const DONE = T0 + 1_000;

const keysOf = (...outcomes: readonly Outcome[]): readonly StoredKey[] =>
  storedRunOf(runReport({ accounts: [rotatedAccount({ outcomes })] }), ABOUT).accounts.flatMap(
    ({ keys }) => keys,
  );
const only = (...outcomes: readonly Outcome[]): StoredKey => {
  const [first] = keysOf(...outcomes);
  if (first === undefined) throw new Error('no key');
  return first;
};

const NEW = { accessKeyId: 'AKIANEW', secretName: 'access-key-rotation/ann' };
const notice = (about: 'replaced' | 'delete', dateIn: number) => ({ about, date: T0 + dateIn });

describe('what is kept of a run', () => {
  for (const [title, outcome, expected] of [
    ['was kept as it is', untouched(decision('keep')), { status: 'active', outcome: 'none' }],
    [
      'is young',
      untouched(decision('keep', { dueAt: T0 + days(9) })),
      { next: { what: 'replace', at: T0 + days(9) } },
    ],
    [
      'was replaced',
      applied(decision('replace', { noticeWhenDone: notice('replaced', days(20)) }), NEW),
      {
        status: 'active',
        outcome: 'applied',
        replacedBy: 'AKIANEW',
        next: { what: 'deactivate', at: T0 + days(20) },
      },
    ],
    [
      'was deactivated',
      applied(decision('deactivate', { noticeWhenDone: notice('delete', days(10)) })),
      {
        status: 'inactive',
        inactiveSince: DONE,
        deactivatedAs: 'moved',
        next: { what: 'delete', at: T0 + days(10) },
      },
    ],
    ['was deleted', applied(decision('delete')), { status: 'deleted' }],
    [
      'was switched on again',
      applied(decision('restore', { key: key({ status: 'inactive', inactiveFor: days(3) }) })),
      { status: 'active', reactivatedAt: DONE },
    ],
    [
      'is held back',
      held(decision('replace'), 'readers', 'nobody reads it'),
      { outcome: 'held', heldBy: 'readers', cause: 'nobody reads it', next: { what: 'replace' } },
    ],
    [
      'could not be changed',
      failed(decision('deactivate')),
      {
        status: 'active',
        outcome: 'failed',
        cause: 'iam:UpdateAccessKey: not authorized',
        nextStep: 'Allow it in the member role.',
        next: { what: 'deactivate' },
      },
    ],
    ['needs a person', untouched(decision('blocked')), { next: { what: 'person' } }],
    [
      'will need one',
      untouched(decision('wait', { reason: 'slot-held', dueAt: T0 + DAY })),
      { next: { what: 'person', at: T0 + DAY } },
    ],
    [
      'waits for its owner',
      untouched(decision('wait', { reason: 'not-adopted' })),
      { next: { what: 'deactivate' } },
    ],
    [
      'is retired',
      untouched(decision('wait', { reason: 'never-used', dueAt: T0 + DAY })),
      { next: { what: 'deactivate', at: T0 + DAY } },
    ],
    [
      'is exempt',
      untouched(decision('exempt', { dueAt: T0 + days(30) })),
      { next: { what: 'exemption-ends', at: T0 + days(30) } },
    ],
    [
      'is not to be changed before the plan is done',
      untouched(decision('replace')),
      { next: { what: 'replace', at: T0 } },
    ],
    [
      'was seen inactive',
      untouched(
        decision('wait', {
          reason: 'newly-inactive',
          key: key({ status: 'inactive' }),
          observation: { kind: 'seen-inactive', at: T0 },
          dueAt: T0 + days(10),
        }),
      ),
      { status: 'inactive', inactiveSince: T0, next: { what: 'delete', at: T0 + days(10) } },
    ],
    [
      'has moved',
      untouched(decision('wait', { adoption: { replacementId: 'AKIAOTHER', state: 'moved' } })),
      { replacedBy: 'AKIAOTHER', adoption: 'moved' },
    ],
  ] as const satisfies readonly (readonly [string, Outcome, Partial<StoredKey>])[]) {
    it(`says of a key that it ${title}`, () => expect(only(outcome)).to.deep.include(expected));
  }

  it('has no next step for a key that is gone', () =>
    expect(only(applied(decision('delete')))).not.to.have.property('next'));

  it('forgets that a key was off that was switched on again', () => {
    const off = key({ status: 'inactive', inactiveFor: days(3), deactivatedAs: 'moved' });
    expect(only(applied(decision('restore', { key: off })))).not.to.have.any.keys(
      'inactiveSince',
      'deactivatedAs',
    );
  });

  it('has the key that the run made, young', () => {
    const [old, made, ...others] = keysOf(applied(decision('replace', { owner: 'team' }), NEW));
    expect(others).to.deep.equal([]);
    expect(old?.keyId).to.equal('AKIATHIS');
    expect(made).to.deep.equal({
      userName: 'ann',
      owner: 'team',
      keyId: 'AKIANEW',
      status: 'active',
      createdAt: T0,
      lastUse: { kind: 'never' },
      action: 'keep',
      reason: 'young',
      message: 'Made by this run.',
      dueAt: T0 + days(60),
      outcome: 'none',
      next: { what: 'replace', at: T0 + days(60) },
      replacementOf: 'AKIATHIS',
      deliveredAt: DONE,
      notices: [],
    });
  });

  it('has the key that the run made and could not deliver', () => {
    const made = keysOf(partial(decision('replace'), 'AKIAHALF')).find(({ keyId }) => keyId === 'AKIAHALF');
    expect(made).to.include({ status: 'active', replacementOf: 'AKIATHIS' });
    expect(made).not.to.have.property('deliveredAt');
  });

  it('has one key of which two things were done in an emergency, as it is after both', () => {
    const keys = keysOf(applied(decision('replace'), NEW), applied(decision('deactivate')));
    expect(keys.map(({ keyId, status }) => [keyId, status])).to.deep.equal([
      ['AKIATHIS', 'inactive'],
      ['AKIANEW', 'active'],
    ]);
    expect(keys[0]).to.include({ action: 'deactivate', replacedBy: 'AKIANEW' });
  });

  it('knows which key replaced another one in an earlier run', () => {
    const old = untouched(decision('wait'));
    const replacement = untouched(
      decision('keep', { key: key({ id: 'AKIAOTHER', replacementOf: 'AKIATHIS', deliveredAgo: days(2) }) }),
    );
    const [first, second] = keysOf(old, replacement);
    expect(first).to.include({ replacedBy: 'AKIAOTHER' });
    expect(second).to.include({ replacementOf: 'AKIATHIS', deliveredAt: T0 - days(2) });
  });

  it('has the thresholds of an account once, and those of a key where they differ', () => {
    const outcomes = [
      untouched(decision('keep')),
      untouched(decision('keep', { key: key({ id: 'AKIAOTHER' }), policy: policy({ rotateAfter: 30 }) })),
    ];
    const settings = accountSettings({ mode: 'enforce' });
    const [stored] = storedRunOf(
      runReport({ accounts: [rotatedAccount({ outcomes, settings })] }),
      ABOUT,
    ).accounts;
    const ofAccount = {
      rotateAfter: days(60),
      deactivateAfter: days(80),
      deleteAfter: days(90),
      unusedAfter: days(90),
    };
    expect(stored?.policy).to.deep.equal(ofAccount);
    expect(stored?.keys.map((one) => one.policy)).to.deep.equal([
      undefined,
      { ...ofAccount, rotateAfter: days(30) },
    ]);
  });

  it('has no threshold for unused keys where no key counts as unused', () => {
    const settings = accountSettings({ unusedAfter: 'off' });
    const [stored] = storedRunOf(runReport({ accounts: [rotatedAccount({ settings })] }), ABOUT).accounts;
    expect(stored?.policy).not.to.have.property('unusedAfter');
  });

  it('has every account, and why one was not worked on', () => {
    const at = (id: string) => account({ id, ouPath: ['r-1', 'ou-1'] });
    const accounts = [
      rotatedAccount({ account: at('1'), gaps: [gap('bob')] }),
      unreachable(at('2')),
      notEntered('skipped', at('3')),
      notEntered('not-started', at('4'), 'not-started'),
    ];
    const stored = storedRunOf(runReport({ accounts }), ABOUT).accounts;
    expect(
      stored.map(({ id, status, cause, failure }) => [id, status, cause ?? failure?.during]),
    ).to.deep.equal([
      ['1', 'rotated', undefined],
      ['2', 'unreachable', 'sts:AssumeRole'],
      ['3', 'skipped', 'skipped'],
      ['4', 'not-started', 'not-started'],
    ]);
    expect(stored[0]).to.deep.include({ mode: 'enforce', ouPath: ['r-1', 'ou-1'], exclusions: [] });
    expect(stored[0]?.gaps.map(({ userName }) => userName)).to.deep.equal(['bob']);
    expect(stored[1]).not.to.have.any.keys('mode', 'policy', 'quiet');
  });

  it('counts the users who were not looked at', () => {
    const notLookedAt = {
      users: 2,
      activeKeys: 3,
      oldest: { userName: 'ann', createdAt: T0 - days(50) },
      dueOn: { '2026-03-11': 3 },
    };
    const [stored] = storedRunOf(runReport({ accounts: [rotatedAccount({ notLookedAt })] }), ABOUT).accounts;
    expect(stored?.quiet).to.deep.equal({
      users: 2,
      activeKeys: 3,
      oldestAt: T0 - days(50),
      dueOn: { '2026-03-11': 3 },
    });
  });

  it('has the settings that held for the organization, who set them, and what differs in an account', () => {
    const of = account({ id: '111111111111' });
    const snapshot = snapshotOf({ mode: 'enforce' });
    const rows = [
      { target: { level: 'organization' }, values: { rotateAfter: 50 }, final: [], changedBy: 'arn:ann' },
      {
        target: { level: 'account', accountId: of.id },
        values: { rotateAfter: 40 },
        final: [],
        changedBy: 'arn:bob',
      },
    ] as const;
    const resolved = settingsOfAccount({ ...snapshot, rows }, of);
    if (resolved.kind === 'failed') throw new Error(resolved.failure.message);
    const stored = storedRunOf(
      runReport({ accounts: [unreachable(), rotatedAccount({ account: of, settings: resolved.value })] }),
      ABOUT,
    );
    const named = (name: string) => stored.settings?.find((one) => one.name === name);
    expect(named('rotateAfter')).to.deep.include({ value: '50', setBy: 'arn:ann' });
    expect(named('deleteAfter')).to.deep.equal({ name: 'deleteAfter', value: '90', from: 'default' });
    expect(stored.accounts[0]).not.to.have.property('settings');
    expect(stored.accounts[1]?.settings?.map(({ name, value, setBy }) => [name, value, setBy])).to.deep.equal(
      [['rotateAfter', '40', 'arn:bob']],
    );
    expect(storedRunOf(runReport({ accounts: [unreachable()] }), ABOUT)).not.to.have.property('settings');
  });

  it('has exemptions that are in force, and the last one that has ended', () => {
    const exemption = { owner: 'ann', reason: 'slow', until: T0 + days(1) };
    const ended = { ...exemption, until: T0 - days(1) };
    const of = (facts: Partial<Policy>) =>
      only(untouched(decision('keep', { policy: { ...policy(), ...facts } }))).exemption;
    expect(of({ exemption })).to.deep.equal(exemption);
    expect(of({ endedExemption: ended })).to.deep.equal(ended);
    expect(of({})).to.equal(undefined);
  });

  it('has whether root has keys, and who asked for the run, where that is known', () => {
    const report = runReport({ accounts: [rotatedAccount({ rootKeys: 'none' }), rotatedAccount()] });
    const stored = storedRunOf(report, { ...ABOUT, requestedBy: 'arn:ann' });
    expect(stored.accounts.map(({ rootKeys }) => rootKeys)).to.deep.equal(['none', undefined]);
    expect(stored.requestedBy).to.equal('arn:ann');
    expect(storedRunOf(report, ABOUT)).not.to.have.property('requestedBy');
  });

  it('is plain JSON, and says what the run was about', () => {
    const report = runReport({
      accounts: [rotatedAccount({ outcomes: [applied(decision('replace'), NEW)] })],
    });
    const stored = storedRunOf(report, { isWhole: false, quietFiles: 3 });
    expect(JSON.parse(JSON.stringify(stored))).to.deep.equal(stored);
    expect(stored).to.deep.include({
      schemaVersion: 1,
      runId: 'run-1',
      mode: 'enforce',
      isAudit: false,
      isWhole: false,
      quietFiles: 3,
      startedAt: T0,
      finishedAt: DONE,
    });
    expect(stored.totals).to.include({ replaced: 1, activeKeys: 2 });
  });
});
