import { expect } from 'chai';
import { DAY, days } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { weekly, type Weekly } from './weekly.ts';

/** Ann's key, old enough to be replaced by the run of day 0, and used every day until she knows of that. */
function withAnn(): Weekly & { readonly newKey: () => string } {
  const life = weekly();
  life.iam.addKey('ann', { id: 'ANN', age: days(61), usedAgo: DAY });
  const newKey = () => life.iam.keysOf('ann').find(({ id }) => id !== 'ANN')?.id ?? 'none';
  return { ...life, newKey };
}

describe('a replaced key whose secret does not hold the replacement any more', () => {
  const happens: readonly (readonly [string, (life: Weekly) => void])[] = [
    ['is scheduled for deletion', ({ secrets }) => secrets.scheduleDeletion('ann')],
    ['holds the old key again', ({ secrets, iam }) => secrets.put('ann', 'ANN', iam.key('ANN').secret)],
    ['was overwritten by a person', ({ secrets }) => secrets.put('ann', 'SOMETHING', 'else')],
  ];
  for (const uses of ['used every day', 'not used any more'] as const) {
    for (const [title, deed] of happens) {
      it(`stays on, and a person is asked: the secret ${title} (the key is ${uses})`, async () => {
        const life = withAnn();
        await life.live(85, (day) => {
          if (uses === 'used every day') life.iam.use('ANN');
          if (day === 3) deed(life);
        });
        expect(life.changes.map((line) => line.split(' ')[1])).to.deep.equal([life.newKey()]);
        expect(life.saidOf('ANN')[0]).to.equal('0: replace due');
        expect(life.saidOf('ANN').slice(1)).to.deep.equal(
          [7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84].map((day) => `${day}: blocked delivery-void`),
        );
      });
    }
  }

  it('gets another replacement where the secret is gone for good, and the whole deadline from then on', async () => {
    const life = withAnn();
    await life.live(85, (day) => {
      life.iam.use('ANN');
      if (day === 3) life.secrets.remove('ann');
    });
    const [first = '', second = ''] = life.changes
      .filter((line) => line.includes('NEW') && line.endsWith(' active'))
      .map((line) => line.split(' ')[1] ?? '');
    // Announced on day 7, off on day 21, deleted and replaced anew on day 35, and the deadline 30 days later.
    expect(life.changes).to.deep.equal([
      `0: ${first} active`,
      `21: ${first} inactive`,
      `35: ${first} gone`,
      `35: ${second} active`,
      '70: ANN inactive',
      '84: ANN gone',
    ]);
    expect(life.saidOf('ANN').slice(1, 3)).to.deep.equal([
      '7: blocked delivery-void',
      '14: blocked delivery-void',
    ]);
  });

  it('stays on while nobody can look at the secret', async () => {
    const life = withAnn();
    await life.live(85, (day) => {
      life.iam.use('ANN');
      if (day === 3) life.secrets.setReadable('ann', false);
    });
    expect(life.iam.key('ANN').status).to.equal('active');
    expect(
      new Set(
        life
          .saidOf('ANN')
          .slice(1)
          .map((line) => line.split(': ')[1]),
      ),
    ).to.deep.equal(new Set(['wait delivery-unknown']));
  });
});

it('what was announced before an account was only audited for months is announced again', async () => {
  const life = withAnn();
  await life.live(
    120,
    () => life.iam.use('ANN'),
    (day) => ({ mode: day >= 3 && day <= 100 ? 'audit' : 'enforce' }),
  );
  const off = Number(life.changes.find((line) => line.endsWith('ANN inactive'))?.split(':')[0]);
  const announced = life.saidOf('ANN').filter((line) => line.includes('deadline-notice'));
  expect(announced.at(-1)).to.equal('105: wait deadline-notice');
  expect(off).to.equal(119);
  expect(
    life.ledger
      .of(life.id)
      .keys.get('ANN')
      ?.notices?.find(({ about }) => about === 'deadline'),
  ).to.deep.include({
    firstAt: T0 + days(105),
    date: T0 + days(115),
  });
});

it('the key that signs the run is left alone and named, and all else goes on as usual', async () => {
  const life = withAnn();
  life.iam.addKey('ci', { id: 'SIGNS', age: days(61), usedAgo: DAY });
  life.signWith('SIGNS');
  await life.live(64, (day) => {
    life.iam.use('SIGNS');
    life.iam.use(day < 5 ? 'ANN' : life.newKey());
  });
  expect(new Set(life.saidOf('SIGNS').map((line) => line.split(': ')[1]))).to.deep.equal(
    new Set(['blocked signs-this-run']),
  );
  expect(life.iam.keysOf('ci').map(({ id, status }) => `${id} ${status}`)).to.deep.equal(['SIGNS active']);
  expect(life.changes.filter((line) => line.includes(' ANN '))).to.deep.equal([
    '21: ANN inactive',
    '35: ANN gone',
  ]);
});

it('a replacement that a person switches off for a while has its grace from when it is on again', async () => {
  const life = withAnn();
  let newKey = '';
  await life.live(50, (day) => {
    if (day === 1) {
      newKey = life.newKey();
      life.iam.switchKey(newKey, 'inactive');
    }
    if (day === 20) life.iam.switchKey(newKey, 'active');
    life.iam.use(day < 20 ? 'ANN' : newKey);
  });
  // Seen to be on again on day 21: ten days from then on.
  expect(life.changes.filter((line) => line.includes(' ANN '))).to.deep.equal([
    '35: ANN inactive',
    '49: ANN gone',
  ]);
  expect(life.iam.key(newKey).status).to.equal('active');
});
