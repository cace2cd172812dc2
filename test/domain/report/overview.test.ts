import { expect } from 'chai';
import type { ListName } from '../../../src/domain/report/overview-lists.ts';
import { overviewOf } from '../../../src/domain/report/overview.ts';
import type { StoredAccount, StoredKey } from '../../../src/domain/report/stored-run.ts';
import { days } from '../../../src/domain/time.ts';
import { failure, gap, T0 } from '../../support/builders.ts';
import { POLICY, storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';

const look = (accounts: readonly StoredAccount[], before?: readonly StoredAccount[]) =>
  overviewOf(
    storedRun(accounts),
    before && storedRun(before, { runId: 'earlier', finishedAt: T0 - days(7) }),
    T0,
  );
const lookAt = (...keys: readonly StoredKey[]) => look([storedAccount({ keys })]);
const idsIn = (list: ListName, ...keys: readonly StoredKey[]) =>
  lookAt(...keys).lists[list].map(({ keyId }) => keyId);

describe('the overview', () => {
  for (const [age, at] of [
    ['young', 0],
    ['young', 59.999],
    ['due', 60],
    ['due', 79.999],
    ['late', 80],
    ['late', 89.999],
    ['over', 90],
  ] as const) {
    it(`takes an active key of ${at} days for ${age}`, () =>
      expect(lookAt(storedKey('AKIA1', at)).ages).to.deep.include({ active: 1, [age]: 1 }));
  }

  it('goes by the policy of the key where it has one', () =>
    expect(lookAt(storedKey('AKIA1', 70, { policy: { ...POLICY, deleteAfter: days(65) } })).ages).to.include({
      due: 1,
    }));

  it('knows no age without a policy, and none of keys that are off or gone', () => {
    const { policy: _, ...unread } = storedAccount({ keys: [storedKey('AKIA1', 100)] });
    expect(look([unread]).ages).to.include({ active: 1, unknown: 1, over: 0 });
    const { ages } = lookAt(
      storedKey('AKIA1', 100, { status: 'inactive' }),
      storedKey('AKIA2', 100, { status: 'deleted' }),
    );
    expect(ages).to.include({ active: 0, over: 0, inactive: 1 });
  });

  it('counts keys that were not looked at one by one among the young, everywhere', () => {
    const quiet = { users: 2, activeKeys: 3, dueOn: { '2026-03-04': 2, '2026-03-20': 1, '2026-06-01': 9 } };
    const { ages, byAccount, byUnit, byOwner, coming } = look([storedAccount({ quiet })]);
    expect(ages).to.include({ active: 3, young: 3 });
    for (const [group] of [byAccount, byUnit, byOwner]) expect(group).to.include({ active: 3, young: 3 });
    expect(coming.inSevenDays.replace).to.equal(2);
    expect(coming.inThirtyDays.replace).to.equal(3);
  });

  it('lists what is over the limit, longest first, with since when', () => {
    const { overLimit } = lookAt(
      storedKey('AKIA1', 91),
      storedKey('AKIA2', 200),
      storedKey('AKIA3', 89),
      storedKey('AKIA4', 300, { status: 'inactive' }),
    ).lists;
    expect(overLimit.map(({ keyId, since, ageDays }) => [keyId, since, ageDays])).to.deep.equal([
      ['AKIA2', T0 - days(110), 200],
      ['AKIA1', T0 - days(1), 91],
    ]);
  });

  for (const [list, is, isNot] of [
    ['needsPerson', { next: { what: 'person' } }, { next: { what: 'person', at: T0 + days(3) } }],
    ['needsPerson', { next: { what: 'person', at: T0 - days(1) } }, { next: { what: 'replace' } }],
    ['failed', { outcome: 'failed' }, { outcome: 'held' }],
    ['failed', { outcome: 'partial' }, { outcome: 'applied' }],
    [
      'notMoved',
      { replacedBy: 'AKIA9', adoption: 'not-adopted' },
      { replacedBy: 'AKIA9', adoption: 'moved' },
    ],
    ['notMoved', { replacedBy: 'AKIA9' }, { replacedBy: 'AKIA9', status: 'inactive' }],
    ['unused', { reason: 'unused-notice' }, { reason: 'unused', status: 'inactive' }],
    ['unused', { reason: 'never-used' }, { reason: 'due' }],
    ['exempt', { action: 'exempt' }, { action: 'keep' }],
  ] as const satisfies readonly (readonly [ListName, Partial<StoredKey>, Partial<StoredKey>])[]) {
    it(`lists as ${list} what has ${JSON.stringify(is)}, and not ${JSON.stringify(isNot)}`, () =>
      expect(
        idsIn(list, storedKey('AKIA1', 10, is), storedKey('AKIA2', 10, { userName: 'bob', ...isNot })),
      ).to.deep.equal(['AKIA1']));
  }

  it('tells two keys apart from a rotation that is under way', () => {
    const keys = [
      storedKey('AKIA1', 70, { replacedBy: 'AKIA2' }),
      storedKey('AKIA2', 3, { replacementOf: 'AKIA1' }),
      storedKey('AKIA3', 70, { userName: 'bob' }),
      storedKey('AKIA4', 30, { userName: 'bob' }),
      storedKey('AKIA5', 30, { userName: 'cid' }),
      storedKey('AKIA6', 30, { userName: 'cid', status: 'inactive' }),
    ];
    expect(idsIn('underWay', ...keys)).to.deep.equal(['AKIA1', 'AKIA2']);
    expect(idsIn('twoKeys', ...keys)).to.deep.equal(['AKIA3', 'AKIA4']);
  });

  it('does not mix up users of the same name in two accounts', () => {
    const { lists } = look([
      storedAccount({ keys: [storedKey('AKIA1', 10)] }),
      storedAccount({ id: '222222222222', keys: [storedKey('AKIA2', 10)] }),
    ]);
    expect(lists.twoKeys).to.deep.equal([]);
  });

  it('says what comes by day; what is late comes at once, and what has no date is told apart', () => {
    const { coming } = lookAt(
      storedKey('AKIA1', 10, { next: { what: 'replace', at: T0 - days(5) } }),
      storedKey('AKIA2', 10, { next: { what: 'delete', at: T0 + days(6.9) } }),
      storedKey('AKIA3', 10, { next: { what: 'deactivate', at: T0 + days(7) } }),
      storedKey('AKIA4', 10, { next: { what: 'exemption-ends', at: T0 + days(30) } }),
      storedKey('AKIA5', 10, { next: { what: 'deactivate' } }),
    );
    expect(coming.inSevenDays).to.deep.include({ replace: 1, delete: 1, deactivate: 0 });
    expect(coming.inThirtyDays).to.deep.include({
      replace: 1,
      delete: 1,
      deactivate: 1,
      'exemption-ends': 0,
    });
    expect(coming.withoutDate).to.deep.include({ deactivate: 1, replace: 0 });
    expect(
      coming.days.map(({ day, replace, deactivate, delete: gone }) => [day, replace, deactivate, gone]),
    ).to.deep.equal([
      ['2026-03-01', 1, 0, 0],
      ['2026-03-08', 0, 1, 1],
    ]);
  });

  it('names the accounts that were not worked on, and users about whom nothing is known', () => {
    const { troubled, gaps, accounts } = look([
      storedAccount({ id: '1', status: 'unreachable', failure: failure({ during: 'sts:AssumeRole' }) }),
      storedAccount({ id: '2', status: 'skipped', cause: 'the account is closed' }),
      storedAccount({ id: '3', gaps: [gap('eve')] }),
    ]);
    expect(accounts).to.equal(3);
    expect(troubled.map(({ accountId, cause }) => [accountId, cause])).to.deep.equal([
      ['1', 'sts:AssumeRole: not authorized'],
      ['2', 'the account is closed'],
    ]);
    expect(gaps.map(({ userName }) => userName)).to.deep.equal(['eve']);
  });

  it('groups by account, unit and owner, the worst first', () => {
    const { byAccount, byUnit, byOwner } = look([
      storedAccount({ id: '1', ouPath: ['r', 'ou-a'], keys: [storedKey('AKIA1', 10)] }),
      storedAccount({
        id: '2',
        ouPath: ['r', 'ou-b'],
        ouNames: ['Root', 'Prod'],
        keys: [storedKey('AKIA2', 100, { owner: 'team' })],
      }),
      storedAccount({ id: '3', ouPath: ['r', 'ou-a'], keys: [storedKey('AKIA3', 85)] }),
    ]);
    expect(byAccount.map(({ id, over, late }) => [id, over, late])).to.deep.equal([
      ['2', 1, 0],
      ['3', 0, 1],
      ['1', 0, 0],
    ]);
    expect(byUnit.map(({ id, name, active }) => [id, name, active])).to.deep.equal([
      ['ou-b', 'Prod', 1],
      ['ou-a', 'ou-a', 2],
    ]);
    expect(byOwner.map(({ id, active }) => [id, active])).to.deep.equal([
      ['team', 1],
      ['', 2],
    ]);
  });

  it('says what has changed since the run before, by the ages of then', () => {
    const { change } = look(
      [storedAccount({ keys: [storedKey('AKIA1', 92), storedKey('AKIA3', 120)] })],
      [storedAccount({ keys: [storedKey('AKIA1', 92), storedKey('AKIA2', 120), storedKey('AKIA3', 120)] })],
    );
    expect(change).to.deep.include({ runId: 'earlier', noLongerOver: 1 });
    expect(change?.newlyOver.map(({ keyId }) => keyId)).to.deep.equal(['AKIA1']);
    expect([change?.before.over, change?.after.over, change?.before.late]).to.deep.equal([2, 2, 1]);
    expect(lookAt().change).to.equal(undefined);
  });
});
