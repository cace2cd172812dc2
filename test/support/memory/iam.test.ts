import { expect } from 'chai';
import { DAY, SECOND } from '../../../src/domain/time.ts';
import { T0 } from '../builders.ts';
import { kindOf } from './caught.ts';
import { virtualClock } from './clock.ts';
import { memoryIam, type MemoryIam } from './iam.ts';

describe('the IAM in memory', () => {
  let clock: ReturnType<typeof virtualClock>;
  let iam: MemoryIam;
  const idsOf = async (userName: string) => (await iam.inventory.keysOf(userName)).map(({ id }) => id);

  beforeEach(() => {
    clock = virtualClock(T0 + 999);
    iam = memoryIam('111111111111', clock);
  });

  it('lists users with their ARNs and ids, those without keys too', async () => {
    iam.addUser('ann');
    iam.addKey('bob');
    expect(await iam.inventory.users()).to.deep.equal([
      { userName: 'ann', arn: 'arn:aws:iam::111111111111:user/ann', userId: 'AIDAANN1', path: '/' },
      { userName: 'bob', arn: 'arn:aws:iam::111111111111:user/bob', userId: 'AIDABOB1', path: '/' },
    ]);
    expect(iam.userNames()).to.deep.equal(['ann', 'bob']);
  });

  it('gives a user who is made anew another id, and leaves a renamed one its own, with its keys', async () => {
    const id = iam.addKey('ann');
    iam.renameUser('ann', 'eve');
    iam.addUser('ann');
    expect([iam.userIdOf('ann'), iam.userIdOf('eve')]).to.deep.equal(['AIDAANN2', 'AIDAANN1']);
    expect(await idsOf('eve')).to.deep.equal([id]);
    expect(await idsOf('ann')).to.deep.equal([]);
  });

  it('tells what used a key last', async () => {
    const id = iam.addKey('ann', { usedAgo: DAY });
    iam.key(id).usedWith = { service: 'ses', region: 'eu-west-1' };
    expect(await iam.inventory.lastUse(id)).to.include({ service: 'ses', region: 'eu-west-1' });
  });

  it('lists the keys of one user, without secrets, created in whole seconds', async () => {
    iam.addKey('bob', { id: 'BOB' });
    iam.addKey('ann', { id: 'ANN', age: DAY, status: 'inactive' });
    expect(await iam.inventory.keysOf('ann')).to.deep.equal([
      { id: 'ANN', status: 'inactive', createdAt: T0 - DAY },
    ]);
  });

  it('creates a key with its secret', async () => {
    iam.addUser('ann');
    const { id, ...rest } = await iam.writer.create('ann');
    expect(rest).to.deep.equal({ status: 'active', createdAt: T0, secret: `secret-of-${id}` });
    expect(await idsOf('ann')).to.deep.equal([id]);
    expect(iam.key(id).madeBy).to.equal('us');
  });

  it('has room for two keys a user, inactive ones included', async () => {
    iam.addKey('ann', { status: 'inactive' });
    await iam.writer.create('ann');
    expect(await kindOf(iam.writer.create('ann'))).to.equal('limit');
    expect(() => iam.addKey('ann')).to.throw('limit');
    await iam.writer.create(iam.key(iam.addKey('bob')).userName);
  });

  it('knows nobody who is not there', async () => {
    const id = iam.addKey('ann');
    iam.removeUser('ann');
    expect(await kindOf(iam.inventory.keysOf('ann'))).to.equal('not-found');
    expect(await kindOf(iam.inventory.lastUse(id))).to.equal('not-found');
    expect(await kindOf(iam.writer.create('ann'))).to.equal('not-found');
    expect(await kindOf(iam.writer.deactivate('ann', id))).to.equal('not-found');
  });

  it('changes only keys of the user that is named', async () => {
    const id = iam.addKey('ann');
    iam.addUser('bob');
    expect(await kindOf(iam.writer.deactivate('bob', id))).to.equal('not-found');
    await iam.writer.delete('bob', id);
    expect(iam.key(id).status).to.equal('active');
  });

  it('switches keys off', async () => {
    const id = iam.addKey('ann');
    await iam.writer.deactivate('ann', id);
    expect(iam.use(id)).to.equal(false);
    iam.switchKey(id, 'active');
    expect(iam.use(id)).to.equal(true);
  });

  it('deletes a key, and does not mind when it is gone already', async () => {
    const id = iam.addKey('ann');
    await iam.writer.delete('ann', id);
    await iam.writer.delete('ann', id);
    expect(await idsOf('ann')).to.deep.equal([]);
  });

  it('reports the last use', async () => {
    const used = iam.addKey('ann', { usedAgo: DAY });
    const never = iam.addKey('ann');
    expect(await iam.inventory.lastUse(used)).to.deep.equal({ kind: 'used', at: T0 + 999 - DAY });
    expect(await iam.inventory.lastUse(never)).to.deep.equal({ kind: 'never' });
    iam.use(never);
    expect(await iam.inventory.lastUse(never)).to.deep.equal({ kind: 'used', at: T0 + 999 });
  });

  it('reports a use in the future only then', async () => {
    const id = iam.addKey('ann');
    iam.use(id, T0 + DAY);
    expect(await iam.inventory.lastUse(id)).to.deep.equal({ kind: 'never' });
    clock.pass(DAY);
    expect(await iam.inventory.lastUse(id)).to.deep.equal({ kind: 'used', at: T0 + DAY });
  });

  it('answers calls signed with the right secret of an active key, and counts them as use', async () => {
    iam.addUser('ann');
    const key = await iam.writer.create('ann');
    expect((await iam.verifier.answers({ ...key, secret: 'wrong' })).kind).to.equal('refused');
    expect(iam.key(key.id).uses).to.deep.equal([]);
    expect(await iam.verifier.answers(key)).to.deep.equal({ kind: 'answered' });
    expect(iam.key(key.id).uses).to.deep.equal([T0 + 999]);
    iam.switchKey(key.id, 'inactive');
    expect((await iam.verifier.answers(key)).kind).to.equal('refused');
  });

  it('can be eventually consistent', async () => {
    Object.assign(iam.lags, {
      newKeyIsListed: 2 * SECOND,
      newKeyAnswers: 4 * SECOND,
      useIsTold: 6 * SECOND,
    });
    clock.pass(1);
    iam.addUser('ann');
    const key = await iam.writer.create('ann');
    const seen = async () => ({
      listed: (await idsOf('ann')).length,
      answers: (await iam.verifier.answers(key)).kind === 'answered',
      lastUse: (await iam.inventory.lastUse(key.id)).kind,
    });
    expect(await seen()).to.deep.equal({ listed: 0, answers: false, lastUse: 'never' });
    clock.pass(2 * SECOND);
    expect(await seen()).to.deep.equal({ listed: 1, answers: false, lastUse: 'never' });
    clock.pass(2 * SECOND);
    expect(await seen()).to.deep.equal({ listed: 1, answers: true, lastUse: 'never' });
    clock.pass(6 * SECOND);
    expect(await seen()).to.deep.equal({ listed: 1, answers: true, lastUse: 'used' });
  });
});
