import { expect } from 'chai';
import { DAY, days } from '../../../src/domain/time.ts';
import { eventsOf } from '../../../src/report/data/events.ts';
import { T0, TOPIC_ARN } from '../../support/builders.ts';
import type { RunOptions } from '../../support/memory/organization.ts';
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
