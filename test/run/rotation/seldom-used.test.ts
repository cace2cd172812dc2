import { expect } from 'chai';
import { DAY, days, HOUR } from '../../../src/domain/time.ts';
import { weekly } from './weekly.ts';

describe('a job that runs seldom and reads the secret when it does', () => {
  for (const [title, firstRun, every] of [
    ['once a month', 25, 30],
    ['once a quarter', 85, 90],
  ] as const) {
    it(`moves when it runs (${title}), and its old key is on until then`, async () => {
      const life = weekly();
      life.iam.addKey('ann', { id: 'ANN', age: days(300), usedAgo: days(5) });
      const refused: number[] = [];
      await life.live(200, (day) => {
        if (day < firstRun || (day - firstRun) % every !== 0) return;
        const reads = life.secrets.currentOf('ann')?.accessKeyId ?? 'ANN';
        if (!life.iam.use(reads)) refused.push(day);
      });
      expect(refused).to.deep.equal([]);
      const off = life.changes.find((line) => line.endsWith('ANN inactive'));
      expect(Number(off?.split(':')[0]), off).to.be.within(firstRun + 1, firstRun + 20);
    });
  }
});

describe('two keys that a person made', () => {
  const cadences: Readonly<Record<string, (day: number) => boolean>> = {
    'on days 11, 25, 39 ...': (day) => day >= 11 && (day - 11) % 14 === 0,
    'every 10 days': (day) => day % 10 === 0,
    'every day': () => true,
  };
  for (const [cadence, usesOlder] of Object.entries(cadences)) {
    it(`are left to a person, the older one used ${cadence}`, async () => {
      const life = weekly();
      life.iam.addKey('ann', { id: 'OLDER', age: days(100), usedAgo: days(3) });
      life.iam.addKey('ann', { id: 'YOUNGER', age: days(50), usedAgo: 0 });
      await life.live(200, (day) => {
        life.iam.use('YOUNGER');
        if (usesOlder(day)) life.iam.use('OLDER');
      });
      expect(life.changes).to.deep.equal([]);
      expect(new Set(life.saidOf('OLDER').map((line) => line.split(': ')[1]))).to.deep.equal(
        new Set(['blocked two-keys-in-use']),
      );
    });
  }
});

describe('a date that people were told', () => {
  const stricter = { deactivateAfter: 61, deleteAfter: 62, adoptionGrace: 1 } as const;
  for (const [title, usesOld, off] of [
    ['an owner who has moved', (day: number) => day < 1, 21],
    ['an owner who has not moved', () => true, 42],
  ] as const) {
    it(`stands for ${title} when the thresholds become stricter`, async () => {
      const life = weekly();
      life.iam.addKey('ann', { id: 'ANN', age: days(60), usedAgo: DAY });
      await life.live(
        50,
        (day) => life.iam.use(usesOld(day) ? 'ANN' : (life.secrets.currentOf('ann')?.accessKeyId ?? '')),
        (day) => (day === 0 ? {} : { values: stricter }),
      );
      expect(life.changes.filter((line) => line.endsWith('ANN inactive'))).to.deep.equal([
        `${off}: ANN inactive`,
      ]);
    });
  }
});

it('a key that was used just before it was switched off as unused, as IAM tells hours later, is never deleted', async () => {
  const life = weekly();
  life.iam.lags.useIsTold = 6 * HOUR;
  life.iam.addKey('ann', { id: 'ANN', age: days(200), usedAgo: days(120) });
  await life.live(120, (day) => {
    if (day === 13) life.iam.use('ANN', life.clock.now() + 0.8 * DAY);
  });
  expect(life.changes).to.deep.equal(['14: ANN inactive']);
  expect(
    new Set(
      life
        .saidOf('ANN')
        .slice(3)
        .map((line) => line.split(': ')[1]),
    ),
  ).to.deep.equal(new Set(['blocked used-after-notice']));
});

it('a key that something switches on again every week is left alone from the third time on', async () => {
  const life = weekly();
  life.iam.addKey('ann', { id: 'ANN', age: days(400) });
  await life.live(365, (day) => {
    if (day % 7 === 3 && life.iam.keysOf('ann')[0]?.status === 'inactive')
      life.iam.switchKey('ANN', 'active');
  });
  const off = life.changes.filter((line) => line.endsWith('inactive'));
  const on = life.changes.filter((line) => line.endsWith(' active'));
  expect([off.length, on.length]).to.deep.equal([3, 3]);
  expect(life.saidOf('ANN').at(-1)).to.equal('364: blocked switched-on-again');
});
