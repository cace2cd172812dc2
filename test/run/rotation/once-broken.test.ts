import { expect } from 'chai';
import { DAY, days, HOUR } from '../../../src/domain/time.ts';
import { replaceOnDemand } from '../../../src/domain/rotation/on-demand.ts';
import { perform, prepare } from '../../../src/run/on-demand/on-demand.ts';
import { recoverReplacement } from '../../../src/run/recovery/recover-replacement.ts';
import { T0 } from '../../support/builders.ts';
import { INTENT, leftovers, LOST } from '../recovery/leftovers.ts';
import { weekly } from './weekly.ts';

/* Sequences of events that once broke a promise, found by looking for them. */

type Life = ReturnType<typeof weekly>;

/** Used on the evening before it goes as unused; IAM tells that some hours later. */
function usedAtTheLastMoment(): { readonly life: Life; readonly useIt: (day: number) => void } {
  const life = weekly();
  life.iam.lags.useIsTold = 6 * HOUR;
  life.iam.addKey('ann', { id: 'ANN', age: days(200), usedAgo: days(120) });
  return {
    life,
    useIt: (day) => {
      if (day === 13) life.iam.use('ANN', life.clock.now() + 0.8 * DAY);
    },
  };
}

const leaked = async (life: Life, accessKeyId?: string): Promise<unknown> => {
  const run = life.run({});
  const asked = {
    reason: 'leaked',
    leaveActive: false,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
  };
  const now = life.clock.now();
  return await prepare(
    life.id,
    { userName: 'ann' },
    (user, policy) => replaceOnDemand(user, asked, policy, now),
    run,
  )
    .then((prepared) => perform(prepared, run))
    .catch((error: unknown) => error);
};

describe('nobody is cut off, and nothing destroyed,', () => {
  it('though the user of a key that was used after its notice is left out for a week', async () => {
    const { life, useIt } = usedAtTheLastMoment();
    const excludeUsers = [{ by: 'name', pattern: 'ann' }] as const;
    await life.live(120, useIt, (day) => (day === 21 ? { values: { excludeUsers } } : {}));
    expect(life.changes).to.deep.equal(['14: ANN inactive']);
  });

  it('by an emergency that needs the place of a key which only a person may decide about', async () => {
    const { life, useIt } = usedAtTheLastMoment();
    life.iam.addKey('ann', { id: 'TWO', age: days(10), usedAgo: DAY });
    await life.live(43, (day) => {
      life.iam.use('TWO');
      useIt(day);
    });
    expect(await leaked(life)).to.be.instanceOf(Error);
    expect(life.iam.keysOf('ann').map(({ id }) => id)).to.deep.equal(['ANN', 'TWO']);
  });

  it('by an emergency that needs the place of a key whose deletion nobody was told of', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'ANN', age: days(200), usedAgo: days(120), status: 'inactive' });
    life.iam.addKey('ann', { id: 'TWO', age: days(10), usedAgo: DAY });
    life.ledger.remember(life.id, 'ANN', { inactiveSince: T0 - days(11) });
    expect(await leaked(life)).to.be.instanceOf(Error);
    expect(life.iam.keysOf('ann').map(({ id }) => id)).to.deep.equal(['ANN', 'TWO']);
  });

  it('by an emergency of the key that signs the run', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'ANN', age: days(61), usedAgo: DAY });
    life.signWith('ANN');
    expect(await leaked(life)).to.be.instanceOf(Error);
    expect(life.iam.key('ANN').status).to.equal('active');
  });

  it('before the date that was told, while an owner who has moved waits for it', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'ANN', age: days(60), usedAgo: DAY });
    await life.live(
      160,
      (day) => life.iam.use(day < 3 ? 'ANN' : (life.secrets.currentOf('ann')?.accessKeyId ?? 'ANN')),
      (day) => ({ values: day < 49 ? { deactivateAfter: 160, deleteAfter: 170 } : {} }),
    );
    const off = life.changes.find((line) => line.endsWith('ANN inactive')) ?? '';
    // Day 100 was told.
    expect(Number.parseInt(off, 10)).to.be.within(100, 119);
  });

  it('with its replacement, which nobody needed yet: a job of every half year finds that on', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'ANN', age: days(300), usedAgo: DAY });
    let found: boolean | undefined;
    await life.live(125, (day) => {
      if (day === 120) found = life.iam.use(life.secrets.currentOf('ann')?.accessKeyId ?? '');
    });
    expect(found).to.equal(true);
  });

  it('because of a moment that is not believed: then a grace begins', async () => {
    const moved = weekly();
    moved.iam.addKey('ann', { id: 'ANN', age: days(95), usedAgo: days(40) });
    moved.iam.addKey('ann', { id: 'NEW', age: days(30), usedAgo: DAY });
    moved.secrets.put('ann', 'NEW', 'secret', moved.iam.userIdOf('ann'));
    moved.ledger.remember(moved.id, 'NEW', { replacementOf: 'ANN', deliveredAt: T0 - days(30) });
    moved.ledger.remember(moved.id, 'ANN', { reactivatedAt: T0 + HOUR });
    await moved.live(1);
    expect(moved.changes).to.deep.equal([]);

    const unused = weekly();
    unused.iam.addKey('ann', { id: 'ANN', age: days(200) });
    unused.ledger.remember(unused.id, 'ANN', {
      inactiveSince: T0 + HOUR,
      deactivatedAs: 'unused',
      notices: [{ about: 'unused', firstAt: T0 - days(14), lastAt: T0 - DAY, date: T0 - DAY }],
    });
    await unused.live(1);
    expect(unused.changes).to.deep.equal([]);
  });

  it('because an intent claims to have been open for months', async () => {
    const work = await leftovers();
    work.appeared(T0 - days(20), 'PERSONS');
    const forged = { ...INTENT, startedAt: T0 - days(300), leaseEndsAt: T0 - HOUR };
    work.ledger.begin(work.id, forged);
    await recoverReplacement(forged, work.context);
    expect(work.iam.keysOf('ann').map(({ id }) => id)).to.include('PERSONS');
  });

  it('because a user was renamed between two runs, the first of which was killed', async () => {
    const work = await leftovers();
    work.appeared(T0 - HOUR + 2_000);
    await work.promoted();
    const { name: secretName } = await work.secrets.store.look(work.user());
    work.iam.renameUser('ann', 'anna');
    await recoverReplacement({ ...INTENT, secretName }, work.context);
    const { intents, keys } = work.ledger.of(work.id);
    expect(intents).to.deep.equal([]);
    expect(keys.get(LOST)).to.include({ replacementOf: INTENT.replaces, secretName });
  });

  it('of a secret that an earlier version made, whose user was only renamed', async () => {
    const life = weekly();
    life.iam.addKey('ann', { id: 'ANN', age: days(10), usedAgo: DAY });
    life.secrets.put('ann', 'ANN', 'secret');
    life.iam.renameUser('ann', 'anna');
    await life.live(
      43,
      () => life.iam.use('ANN'),
      () => ({ values: { removeOrphanedSecrets: true } }),
    );
    expect(life.findings.filter(({ message }) => message.includes('was scheduled'))).to.deep.equal([]);
  });
});
