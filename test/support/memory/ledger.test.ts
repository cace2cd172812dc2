import type { HistoryEntry } from '../../../src/domain/rotation/history.ts';
import { expect } from 'chai';
import type { Notice } from '../../../src/domain/rotation/notice.ts';
import type { Intent } from '../../../src/run/ports/ledger.ts';
import { T0 } from '../builders.ts';
import { kindOf } from './caught.ts';
import { memoryLedger, type MemoryLedger } from './ledger.ts';

const ONE = '111111111111';
const TWO = '222222222222';
const intentOf = (userName: string, runId = 'run-1'): Intent => ({
  userName,
  userArn: `arn:${userName}`,
  replaces: 'OLD',
  knownKeyIds: ['OLD'],
  startedAt: T0,
  leaseEndsAt: T0 + 10,
  runId,
});

const noticeAt = (at: number): Notice => ({ about: 'unused', firstAt: at, lastAt: at, date: at + 10 });

const entry = (at: number): HistoryEntry => ({
  at,
  runId: 'run-1',
  by: 'arn:aws:iam::111111111111:user/operator',
  what: 'replaced',
  reason: 'due',
  message: 'Older than 60 days and in use.',
});

describe('the ledger in memory', () => {
  let ledger: MemoryLedger;
  const lease = (runId: string, until: number, now: number) =>
    ledger.port.acquireLease(ONE, runId, until, now);

  beforeEach(() => {
    ledger = memoryLedger();
  });

  it('is empty at first', async () => {
    expect(await ledger.port.read(ONE)).to.deep.equal({
      keys: new Map(),
      offSince: new Map(),
      gone: new Set(),
      users: new Map(),
      intents: [],
      pendingChanges: [],
      badRows: [],
      acceptances: [],
    });
  });

  it('keeps accounts apart', async () => {
    await ledger.port.record(ONE, [
      { kind: 'published', userName: 'ann', accessKeyId: 'KEY', notice: noticeAt(T0) },
    ]);
    await ledger.port.openIntent(ONE, intentOf('ann'));
    await lease('run-1', T0 + 10, T0);
    expect(await ledger.port.read(TWO)).to.deep.equal({
      keys: new Map(),
      offSince: new Map(),
      gone: new Set(),
      users: new Map(),
      intents: [],
      pendingChanges: [],
      badRows: [],
      acceptances: [],
    });
    expect(ledger.leaseOf(TWO)).to.equal(undefined);
  });

  it('gives what it holds now, not what it will hold', async () => {
    const before = await ledger.port.read(ONE);
    await ledger.port.record(ONE, [
      { kind: 'published', userName: 'ann', accessKeyId: 'KEY', notice: noticeAt(T0) },
    ]);
    expect(before.keys.size).to.equal(0);
  });

  it('merges what is known of a key', async () => {
    await ledger.port.openIntent(ONE, intentOf('ann'));
    await ledger.port.recordDelivery(ONE, intentOf('ann'), 'KEY', { ...entry(T0), secretName: 'secret' });
    await ledger.port.record(ONE, [
      { kind: 'published', userName: 'ann', accessKeyId: 'KEY', notice: noticeAt(T0 + 1) },
    ]);
    await ledger.port.record(ONE, [{ kind: 'inactive', userName: 'ann', accessKeyId: 'KEY', at: T0 + 2 }]);
    const known = { replacementOf: 'OLD', deliveredAt: T0, secretName: 'secret' };
    expect(ledger.of(ONE).keys.get('KEY')).to.deep.equal({
      ...known,
      notices: [noticeAt(T0 + 1)],
      inactiveSince: T0 + 2,
    });
    await ledger.port.record(ONE, [{ kind: 'reactivated', userName: 'ann', accessKeyId: 'KEY', at: T0 + 3 }]);
    expect(ledger.of(ONE).keys.get('KEY')).to.deep.equal({
      ...known,
      reactivatedAt: T0 + 3,
      reactivations: [T0 + 3],
    });
    const deleted = { ...entry(T0 + 4), what: 'deleted', userName: 'ann', accessKeyId: 'KEY' } as const;
    await ledger.port.markChangePending(ONE, deleted);
    await ledger.port.dropPendingChange(ONE, { ...deleted, runId: 'another' });
    expect(ledger.of(ONE).pendingChanges).to.deep.equal([deleted]);
    await ledger.port.recordChange(ONE, deleted, T0 + 4);
    expect(ledger.of(ONE).keys.has('KEY')).to.equal(false);
    expect(ledger.of(ONE).pendingChanges).to.deep.equal([]);
  });

  it('keeps the last notice about each thing, and what was told last', async () => {
    const unused = noticeAt(T0);
    const deadline: Notice = { ...noticeAt(T0 + 1), about: 'deadline' };
    const told = { reason: 'unused-notice', at: T0 };
    const memory = () => ledger.of(ONE).keys.get('KEY');
    await ledger.port.record(ONE, [
      { kind: 'published', userName: 'ann', accessKeyId: 'KEY', notice: unused, told },
    ]);
    await ledger.port.record(ONE, [
      { kind: 'published', userName: 'ann', accessKeyId: 'KEY', notice: deadline },
    ]);
    expect(memory()).to.deep.equal({ notices: [unused, deadline], told });
    await ledger.port.record(ONE, [
      { kind: 'published', userName: 'ann', accessKeyId: 'KEY', notice: noticeAt(T0 + 2) },
    ]);
    await ledger.port.record(ONE, [
      { kind: 'published', userName: 'ann', accessKeyId: 'KEY', told: { ...told, at: T0 + 2 } },
    ]);
    expect(memory()).to.deep.equal({ notices: [deadline, noticeAt(T0 + 2)], told: { ...told, at: T0 + 2 } });
    expect(ledger.of(ONE).users.get('KEY')).to.equal('ann');
    await ledger.port.record(ONE, [{ kind: 'notices-void', userName: 'ann', accessKeyId: 'KEY' }]);
    expect(memory()).to.deep.equal({ told: { ...told, at: T0 + 2 } });
  });

  it('knows which keys are gone, until something is recorded of them again', async () => {
    await ledger.port.record(ONE, [
      { kind: 'published', userName: 'ann', accessKeyId: 'KEY', notice: noticeAt(T0) },
    ]);
    await ledger.port.record(ONE, [{ kind: 'gone', accessKeyId: 'KEY', at: T0 }]);
    expect([...ledger.of(ONE).gone]).to.deep.equal(['KEY']);
    expect(ledger.of(ONE).keys.has('KEY')).to.equal(true);
    await ledger.port.record(ONE, [{ kind: 'inactive', userName: 'ann', accessKeyId: 'KEY', at: T0 }]);
    expect([...ledger.of(ONE).gone]).to.deep.equal([]);
  });

  it('remembers when a key was switched off that was deleted since', async () => {
    await ledger.port.record(ONE, [{ kind: 'inactive', userName: 'ann', accessKeyId: 'KEY', at: T0 }]);
    const deleted = { ...entry(T0 + 4), what: 'deleted', userName: 'ann', accessKeyId: 'KEY' } as const;
    await ledger.port.recordChange(ONE, deleted, T0 + 4);
    expect(ledger.of(ONE).offSince).to.deep.equal(new Map([['KEY', T0]]));
  });

  it('does not count what was asked for as switched on by something else', async () => {
    await ledger.port.record(ONE, [{ kind: 'reactivated', userName: 'ann', accessKeyId: 'KEY', at: T0 }]);
    await ledger.port.record(ONE, [{ kind: 'inactive', userName: 'ann', accessKeyId: 'KEY', at: T0 + 1 }]);
    const restored = { ...entry(T0 + 2), what: 'restored', userName: 'ann', accessKeyId: 'KEY' } as const;
    await ledger.port.recordChange(ONE, restored, T0 + 2);
    expect(ledger.of(ONE).keys.get('KEY')).to.deep.equal({ reactivatedAt: T0 + 2, reactivations: [T0] });
  });

  it('grants a run no more than there may be, and each run as much', async () => {
    const claim = (runId: string, wanted: number) => ledger.port.claimDeadlines(runId, wanted, 5, T0);
    expect([await claim('run-1', 3), await claim('run-1', 3), await claim('run-1', 3)]).to.deep.equal([
      3, 2, 0,
    ]);
    expect(await claim('run-2', 9)).to.equal(5);
  });

  it('closes an intent, or closes it with the delivery', async () => {
    await ledger.port.openIntent(ONE, intentOf('ann'));
    await ledger.port.openIntent(ONE, intentOf('bob'));
    await ledger.port.openIntent(ONE, intentOf('cem'));
    await ledger.port.closeIntent(ONE, intentOf('ann'));
    await ledger.port.recordDelivery(ONE, intentOf('bob'), 'NEW', entry(T0));
    expect(ledger.of(ONE).intents).to.deep.equal([intentOf('cem')]);
  });

  it('refuses to open an intent over that of another run, and lets the same run do it', async () => {
    await ledger.port.openIntent(ONE, intentOf('ann'));
    await ledger.port.openIntent(ONE, intentOf('ann'));
    expect(await kindOf(ledger.port.openIntent(ONE, intentOf('ann', 'run-2')))).to.equal('conflict');
    expect(ledger.of(ONE).intents).to.deep.equal([intentOf('ann')]);
  });

  it('leases an account to one run at a time', async () => {
    expect(await lease('run-1', T0 + 10, T0)).to.deep.equal({ kind: 'granted' });
    expect(await lease('run-2', T0 + 20, T0 + 9)).to.deep.equal({
      kind: 'held',
      holder: 'run-1',
      until: T0 + 10,
    });
    expect(await lease('run-1', T0 + 15, T0 + 9)).to.deep.equal({ kind: 'granted' });
    expect(ledger.leaseOf(ONE)).to.deep.equal({ runId: 'run-1', until: T0 + 15 });
  });

  it('leases an account again at the moment the lease runs out', async () => {
    await lease('run-1', T0 + 10, T0);
    expect(await lease('run-2', T0 + 20, T0 + 10)).to.deep.equal({ kind: 'granted' });
  });

  it('releases a lease only for the run that has it', async () => {
    await lease('run-1', T0 + 10, T0);
    await ledger.port.releaseLease(ONE, 'run-2');
    expect(ledger.leaseOf(ONE)?.runId).to.equal('run-1');
    await ledger.port.releaseLease(ONE, 'run-1');
    expect(ledger.leaseOf(ONE)).to.equal(undefined);
  });

  it('returns corrupt rows as they were put there', async () => {
    ledger.spoil(ONE, { userName: 'ann', message: 'nonsense' });
    expect((await ledger.port.read(ONE)).badRows).to.deep.equal([{ userName: 'ann', message: 'nonsense' }]);
  });
});
