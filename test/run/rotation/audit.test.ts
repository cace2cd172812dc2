import { expect } from 'chai';
import * as sinon from 'sinon';
import { DAY, days } from '../../../src/domain/time.ts';
import type { Intent } from '../../../src/run/ports/ledger.ts';
import { readOnlyLedger } from '../../../src/run/context/read-only-ledger.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';
import { notice, T0 } from '../../support/builders.ts';
import { memoryOrganization } from '../../support/memory/organization.ts';
import { prepared } from '../../support/prepared.ts';

const INTENT: Intent = {
  userName: 'cem',
  userArn: 'arn:aws:iam::111111111111:user/cem',
  replaces: 'CEM',
  knownKeyIds: ['CEM'],
  startedAt: T0 - DAY,
  leaseEndsAt: T0 - DAY + 600_000,
  runId: 'run-0',
};

/** An account in which every kind of work is to be done. */
async function accountFullOfWork() {
  const organization = memoryOrganization();
  const member = organization.add();
  const { iam, id } = member;
  const { ledger } = organization;
  iam.addKey('ann', { id: 'DUE', age: days(70), usedAgo: DAY });
  iam.addKey('bob', { id: 'REPLACED', age: days(95), usedAgo: days(30) });
  iam.addKey('bob', { id: 'HEIR', age: days(30), usedAgo: DAY });
  member.secrets.put('bob', 'HEIR', 'secret', iam.userIdOf('bob'));
  ledger.remember(id, 'HEIR', { replacementOf: 'REPLACED', deliveredAt: T0 - days(30) });
  iam.addKey('dee', { id: 'DELETABLE', age: days(120), status: 'inactive' });
  ledger.remember(id, 'DELETABLE', {
    inactiveSince: T0 - days(20),
    notices: [notice('delete', { givenAgo: days(20) })],
  });
  iam.addKey('eve', { id: 'SWITCHED-OFF', age: days(50), status: 'inactive' });
  iam.addKey('fay', { id: 'SWITCHED-ON', age: days(50), usedAgo: DAY });
  ledger.remember(id, 'SWITCHED-ON', { inactiveSince: T0 - days(20) });
  iam.addKey('gil', { id: 'UNUSED', age: days(100) });
  iam.addKey('cem', { id: 'CEM', age: days(70), usedAgo: DAY });
  iam.addKey('cem', { id: 'LOST', age: DAY });
  const cem = { userName: 'cem', arn: INTENT.userArn, userId: iam.userIdOf('cem') };
  await prepared(member.secrets.store, cem, INTENT.runId);
  ledger.begin(id, INTENT);
  return { ...organization, ...member };
}

describe('an audit', () => {
  it('writes nothing at all', async () => {
    const { account, session, ledger, run } = await accountFullOfWork();
    const { writer, secrets, verifier } = session;
    const { read: _read, ...ledgerWrites } = ledger.port;
    const writes = [
      ...Object.values(sinon.spy(writer)),
      ...Object.values(sinon.spy(verifier)),
      sinon.spy(secrets, 'store'),
      sinon.spy(secrets, 'prepare'),
      sinon.spy(secrets, 'promote'),
      ...Object.keys(ledgerWrites).map((name) => sinon.spy(ledger.port, name as keyof typeof ledgerWrites)),
    ] as readonly sinon.SinonSpy[];
    expect(writes).to.have.length(4 + 1 + 3 + 15);
    const report = await rotateAccount(account, run({ mode: 'audit' }));
    expect(report.status).to.equal('rotated');
    expect(writes.filter(({ called }) => called)).to.deep.equal([]);
  });

  it('needs no ledger that could be written, and no lease', async () => {
    const { account, ledger, run } = await accountFullOfWork();
    const held = ledger.port.acquireLease(account.id, 'run-9', Infinity, T0);
    expect(await held).to.deep.equal({ kind: 'granted' });
    const report = await rotateAccount(account, run({ mode: 'audit', ledger: readOnlyLedger(ledger.port) }));
    expect(report.status).to.equal('rotated');
  });

  it('says what would be done, and holds it back by its mode', async () => {
    const { account, run } = await accountFullOfWork();
    const report = await rotateAccount(account, run({ mode: 'audit' }));
    if (report.status !== 'rotated') throw new Error(report.status);
    const said = report.outcomes.map(
      ({ status, decision }) => `${decision.key.id}: ${decision.action} ${decision.reason}, ${status}`,
    );
    expect(said).to.deep.equal([
      'DUE: replace due, held',
      'REPLACED: deactivate moved, held',
      'HEIR: keep young, none',
      'DELETABLE: delete recovery-grace-over, held',
      'SWITCHED-OFF: wait newly-inactive, none',
      'SWITCHED-ON: keep young, none',
      'UNUSED: wait unused-notice, none',
    ]);
    const held = report.outcomes.filter((outcome) => outcome.status === 'held');
    expect(new Set(held.map(({ by }) => by))).to.deep.equal(new Set(['mode']));
  });

  it('leaves out a user whose replacement is open, and says so', async () => {
    const { account, run } = await accountFullOfWork();
    const report = await rotateAccount(account, run({ mode: 'audit' }));
    if (report.status !== 'rotated') throw new Error(report.status);
    expect(report.gaps).to.have.length(1);
    expect(report.gaps[0]).to.include({ userName: 'cem', reason: 'intent-open' });
    expect(report.gaps[0]?.failure.message).to.include('run-0');
  });

  it('of somebody else says nothing of an open replacement', async () => {
    const { account, run } = await accountFullOfWork();
    const report = await rotateAccount(account, run({ mode: 'audit', userNames: ['ANN'] }));
    if (report.status !== 'rotated') throw new Error(report.status);
    expect(report.gaps).to.deep.equal([]);
    expect(report.outcomes.map(({ decision }) => decision.userName)).to.deep.equal(['ann']);
  });

  it('publishes what it found, and no notice of it counts', async () => {
    const { account, run, notifier, ledger, id } = await accountFullOfWork();
    const before = ledger.of(id);
    await rotateAccount(account, run({ mode: 'audit' }));
    expect(notifier.published).to.have.length(1);
    expect(ledger.of(id)).to.deep.equal(before);
  });
});

describe('what each mode does about the same account', () => {
  const modes = {
    audit: [],
    'replace-only': ['create ann', 'create cem', 'delete cem LOST'],
    'no-delete': ['create ann', 'create cem', 'deactivate bob REPLACED', 'delete cem LOST'],
    enforce: [
      'create ann',
      'create cem',
      'deactivate bob REPLACED',
      'delete cem LOST',
      'delete dee DELETABLE',
    ],
  } as const;
  for (const mode of Object.keys(modes) as (keyof typeof modes)[]) {
    it(`${mode}: ${modes[mode].join(', ') || 'nothing'}`, async () => {
      const { account, run, session } = await accountFullOfWork();
      const { create, deactivate, delete: remove } = sinon.spy(session.writer);
      await rotateAccount(account, run({ mode }));
      const said = (name: string, spy: { readonly args: readonly (readonly string[])[] }) =>
        spy.args.map((args) => [name, ...args].join(' '));
      const done = [...said('create', create), ...said('deactivate', deactivate), ...said('delete', remove)];
      expect(done.sort()).to.deep.equal([...modes[mode]]);
    });
  }
});
