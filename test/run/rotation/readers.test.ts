import { expect } from 'chai';
import { DAY, days } from '../../../src/domain/time.ts';
import { rotateOrganization } from '../../../src/run/rotation/rotate-organization.ts';
import type { RunReport } from '../../../src/domain/report/run-report.ts';
import type { SettingsRow } from '../../../src/domain/settings/setting.ts';
import { eventsOf } from '../../../src/report/data/events.ts';
import { snapshotOf, T0, TOPIC_ARN } from '../../support/builders.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';
import { weekly } from './weekly.ts';

/** A key that nobody has ever used: announced, and switched off ten days later, where somebody reads of it. */
function withUnusedKey() {
  const life = weekly();
  life.iam.addKey('ann', { id: 'ANN', age: days(200) });
  return life;
}
const stateOf = ({ iam }: ReturnType<typeof withUnusedKey>) => iam.keysOf('ann')[0]?.status ?? 'gone';

describe('an announcement', () => {
  for (const readers of ['nobody', 'unknown'] as const) {
    const who = readers === 'nobody' ? 'that nobody receives' : 'of which nobody can tell who receives it';
    it(`${who} does not count; the run says so and fails`, async () => {
      const life = withUnusedKey();
      life.readers.set(TOPIC_ARN, readers);
      await life.live(99);
      expect(stateOf(life)).to.equal('active');
      expect(new Set(life.saidOf('ANN').map((line) => line.split(': ')[1]))).to.deep.equal(
        new Set(['wait unused-notice']),
      );
      expect(life.findings).to.have.length(15);
      for (const { severity, failsRun } of life.findings) {
        expect([severity, failsRun]).to.deep.equal(['critical', true]);
      }
      expect(life.findings[0]?.message).to.include(TOPIC_ARN).and.include('1 announcement is without effect');
      expect(life.ledger.of(life.id).keys.get('ANN')).to.equal(undefined);
    });
  }

  it('counts from the day on which somebody receives it', async () => {
    const life = withUnusedKey();
    life.readers.set(TOPIC_ARN, 'nobody');
    await life.live(50, (day) => {
      if (day === 30) life.readers.set(TOPIC_ARN, 'somebody');
    });
    expect(life.changes).to.deep.equal(['49: ANN inactive']);
    expect(life.findings).to.have.length(5);
  });

  it('that was received is not acted on when nobody is left to read of it', async () => {
    const life = withUnusedKey();
    await life.live(36, (day) => {
      if (day === 8) life.readers.set(TOPIC_ARN, 'nobody');
    });
    expect(stateOf(life)).to.equal('active');
    expect(life.saidOf('ANN').at(-1)).to.equal('35: deactivate unused (held)');
    expect(life.findings.at(-1)).to.include({ severity: 'critical', failsRun: true });
    expect(life.findings.at(-1)?.message).to.include('1 step is held back');
    // Not repeated to anybody for 45 days: it has to be given again.
    await life.live(64);
    expect(life.saidOf('ANN').at(-1)).to.equal('63: wait unused-notice');
  });
});

describe('who receives what is published', () => {
  it('is a matter of each topic', async () => {
    const organization = memoryOrganization();
    const OWN_TOPIC = 'arn:aws:sns:eu-central-1:999999999999:own';
    const [shared, own] = ['111111111111', '222222222222'].map((id) => organization.add({ id }));
    if (shared === undefined || own === undefined) throw new Error('there are two accounts');
    for (const { iam } of [shared, own]) iam.addKey('ann', { id: 'ANN', age: days(200) });
    organization.readers.set(TOPIC_ARN, 'nobody');
    const target = { level: 'account', accountId: own.id } as const;
    const rows: readonly SettingsRow[] = [{ target, values: { topicArn: OWN_TOPIC }, final: [] }];
    const book = { ...snapshotOf({ mode: 'enforce' }), rows };
    const reports: RunReport[] = [];
    for (const _ of [0, 7, 14]) {
      reports.push(await rotateOrganization(organization.run({ book })));
      organization.clock.pass(days(7));
    }
    expect([shared, own].map(({ iam }) => iam.key('ANN').status)).to.deep.equal(['active', 'inactive']);
    for (const { accounts } of reports) {
      expect(accounts.map((one) => (one.status === 'rotated' ? one.findings.length : -1))).to.deep.equal([
        1, 0,
      ]);
    }
  });

  it('does not matter to an audit, which announces nothing', async () => {
    const life = withUnusedKey();
    life.readers.set(TOPIC_ARN, 'nobody');
    await life.live(15, undefined, () => ({ mode: 'audit' }));
    expect(life.findings).to.deep.equal([]);
    expect(life.ledger.of(life.id).keys.size).to.equal(0);
  });

  it('does not matter to a key whose owner has moved: that rests on no notice', async () => {
    const life = weekly();
    life.readers.set(TOPIC_ARN, 'nobody');
    life.iam.addKey('ann', { id: 'ANN', age: days(61), usedAgo: DAY });
    await life.live(50, (day) => {
      const delivered = life.secrets.currentOf('ann')?.accessKeyId ?? 'ANN';
      life.iam.use(day < 5 ? 'ANN' : delivered);
    });
    // Without readers nothing announces that it is deleted, so it stays to be restored.
    expect(life.changes.filter((line) => line.includes(' ANN '))).to.deep.equal(['21: ANN inactive']);
    expect(life.saidOf('ANN').at(-1)).to.equal('49: wait deletion-notice');
  });
});

describe('where notices count by the events that are accepted', () => {
  const byEvents = (): RunOptions => ({
    values: { noticesBy: 'events' },
    eventsOf: (report) => eventsOf(report, { runId: 'run', mode: 'enforce', now: T0 }),
  });

  it('nobody has to read the topic', async () => {
    const life = withUnusedKey();
    life.readers.set(TOPIC_ARN, 'nobody');
    await life.live(15, undefined, byEvents);
    expect(life.changes).to.deep.equal(['14: ANN inactive']);
    expect(life.findings).to.deep.equal([]);
    expect(life.events.accepted[0]?.detail).to.include({ userName: 'ann', accessKeyId: 'ANN' });
    expect(
      life.ledger
        .of(life.id)
        .keys.get('ANN')
        ?.notices?.map(({ about }) => about),
    ).to.deep.equal(['unused', 'delete']);
  });

  it('events that are not accepted give no notice, although the digest is published', async () => {
    const life = withUnusedKey();
    life.faults.on('events.put', 'denied', { times: Infinity });
    await life.live(29, undefined, byEvents);
    expect(stateOf(life)).to.equal('active');
    expect(life.notifier.published).to.have.length(5);
    expect(life.ledger.of(life.id).keys.get('ANN')?.notices).to.equal(undefined);
  });

  it('no events, no notice', async () => {
    const life = withUnusedKey();
    await life.live(29, undefined, () => ({ ...byEvents(), eventsOf: () => [] }));
    expect(stateOf(life)).to.equal('active');
  });

  it('the digest gives none by itself, and the topic is asked for nothing', async () => {
    const life = withUnusedKey();
    life.iam.addKey('bob', { id: 'BOB', age: days(10), usedAgo: DAY });
    life.faults.on('events.put', 'throttled', { times: 1 });
    await life.live(8, undefined, byEvents);
    expect(life.ledger.of(life.id).keys.get('ANN')?.notices?.[0]?.firstAt).to.equal(T0 + days(7));
  });
});
