import { expect } from 'chai';
import type { RunReport } from '../../../src/domain/report/run-report.ts';
import { rotated } from '../../../src/domain/report/run-report.ts';
import type { Notice } from '../../../src/domain/rotation/notice.ts';
import { DAY, days, type Instant } from '../../../src/domain/time.ts';
import { rotateOrganization } from '../../../src/run/rotation/rotate-organization.ts';
import { T0 } from '../../support/builders.ts';
import {
  memoryOrganization,
  type MemoryAccount,
  type RunOptions,
} from '../../support/memory/organization.ts';

const WEEK = days(7);

/** Accounts of four users each, whose keys were replaced long ago; nobody has moved, and all are used every day. */
function nobodyHasMoved(accounts: number) {
  const organization = memoryOrganization();
  const { clock, ledger } = organization;
  const userNames = ['ann', 'bob', 'cem', 'dee'];
  const members = Array.from({ length: accounts }, (_, index) =>
    organization.add({ id: String(200_000_000_000 + index), name: `account-${index}` }),
  );
  const keyOf = ({ id }: MemoryAccount, userName: string) => `${id}/${userName}`;
  for (const member of members) {
    for (const userName of userNames) {
      const old = member.iam.addKey(userName, { id: keyOf(member, userName), age: days(200), usedAgo: DAY });
      const made = member.iam.addKey(userName, { age: days(100) });
      ledger.remember(member.id, made, { replacementOf: old, deliveredAt: T0 - days(100) });
      member.secrets.put(userName, made, 'secret', member.iam.userIdOf(userName));
    }
  }
  const keys = members.flatMap((member) =>
    userNames.map((userName) => ({ member, id: keyOf(member, userName) })),
  );
  const isOn = ({ member, id }: (typeof keys)[number]) =>
    userNames
      .flatMap((userName) => member.iam.keysOf(userName))
      .some((key) => key.id === id && key.status === 'active');
  return {
    ...organization,
    members,
    keys,
    off: () => keys.filter((one) => !isOn(one)),
    /** A week in which every key that is on is used. */
    week: async (options: RunOptions = {}): Promise<RunReport> => {
      for (const { member, id } of keys) member.iam.use(id, clock.now() - DAY);
      const report = await rotateOrganization(organization.run(options));
      clock.pass(WEEK);
      return report;
    },
  };
}

const outcomesIn = ({ accounts }: RunReport) => rotated(accounts).flatMap(({ outcomes }) => outcomes);
const heldBy = (report: RunReport) =>
  outcomesIn(report).flatMap((outcome) => (outcome.status === 'held' ? [outcome.by] : []));
const failuresIn = ({ accounts }: RunReport) =>
  rotated(accounts).flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'failure'));

const WAIT: RunOptions = { values: { whenStillInUse: 'wait' } };

describe('the limit of the whole organization', () => {
  it('lets a changed setting switch off 25 keys in use a run, each announced before', async () => {
    const { week, off, keys, ledger, clock } = nobodyHasMoved(30);
    for (const _ of [1, 2, 3]) await week(WAIT);
    expect(off()).to.deep.equal([]);
    const changedAt = clock.now();
    const counts: number[] = [];
    const held: number[] = [];
    const offAt = new Map<string, Instant>();
    const announced = new Map<string, Notice | undefined>();
    for (let run = 0; run < 7; run++) {
      const at = clock.now();
      held.push(heldBy(await week()).filter((by) => by === 'organization-limit').length);
      for (const { id } of off()) if (!offAt.has(id)) offAt.set(id, at);
      counts.push(off().length);
      if (run > 0) continue;
      for (const { member, id } of keys) {
        const { notices = [] } = ledger.of(member.id).keys.get(id) ?? {};
        announced.set(
          id,
          notices.find(({ about }) => about === 'deadline'),
        );
      }
    }
    expect(counts).to.deep.equal([0, 0, 25, 50, 75, 100, 120]);
    expect(held).to.deep.equal([0, 0, 95, 70, 45, 20, 0]);
    for (const { id } of keys) {
      expect(announced.get(id)?.firstAt, id).to.equal(changedAt);
      expect(announced.get(id)?.date, id).to.equal(changedAt + days(10));
      expect(offAt.get(id), id).to.be.at.least(changedAt + days(10));
    }
  });

  it('holds for 1,200 keys in use in 300 accounts: 25 of them are off after the first run that may', async () => {
    const { week, off } = nobodyHasMoved(300);
    await week(WAIT);
    const counts: number[] = [];
    let last: RunReport | undefined;
    for (let run = 0; run < 3; run++) {
      last = await week();
      counts.push(off().length);
    }
    expect(counts).to.deep.equal([0, 0, 25]);
    expect(last === undefined ? [] : heldBy(last)).to.deep.equal(Array(1175).fill('organization-limit'));
  });

  it('is what the settings say, and the same run over again takes no more', async () => {
    const { week, off } = nobodyHasMoved(3);
    const values = { maxDeadlineDeactivations: 5 };
    for (const _ of [1, 2, 3]) await week({ values });
    await week({ values, runId: 'started-twice' });
    expect(off()).to.have.length(5);
    const again = await week({ values, runId: 'started-twice' });
    expect(off()).to.have.length(5);
    expect(heldBy(again)).to.deep.equal(Array(7).fill('organization-limit'));
  });

  it('of 0 switches off none', async () => {
    const { week, off } = nobodyHasMoved(1);
    const values = { maxDeadlineDeactivations: 0 };
    for (const _ of [1, 2, 3, 4]) await week({ values });
    expect(off()).to.deep.equal([]);
  });

  it('that cannot be counted lets none pass, which is a failure; all else goes on', async () => {
    const { week, off, faults, members } = nobodyHasMoved(2);
    for (const { iam } of members) iam.addKey('eve', { age: days(70), usedAgo: DAY });
    for (const _ of [1, 2, 3]) await week();
    faults.on('ledger.claimDeadlines', 'denied', { times: 2 });
    for (const { iam } of members) iam.addKey('fay', { age: days(70), usedAgo: DAY });
    const report = await week();
    expect(off()).to.deep.equal([]);
    expect(heldBy(report)).to.deep.equal(Array(8).fill('organization-limit'));
    expect(failuresIn(report)).to.have.length(2);
    expect(failuresIn(report)[0]?.message).to.include('could not be counted, so none was');
    expect(outcomesIn(report).filter(({ status }) => status === 'applied')).to.have.length(2);
    await week();
    expect(off()).to.have.length(8);
  });

  it('is not asked for where nothing is deactivated at a deadline', async () => {
    const { week, faults } = nobodyHasMoved(1);
    faults.on('ledger.claimDeadlines', 'denied', { times: Infinity });
    expect(failuresIn(await week())).to.deep.equal([]);
  });
});
