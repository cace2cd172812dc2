import { expect } from 'chai';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import { T0 } from '../builders.ts';
import { kindOf } from './caught.ts';
import { memorySecrets, type MemorySecrets } from './secrets.ts';

const ANN = { userName: 'ann', arn: 'arn:ann' };
const keyOf = (id: string): CreatedKey => ({
  id,
  status: 'active',
  createdAt: T0,
  secret: `secret-of-${id}`,
});

describe('the secret store in memory', () => {
  let secrets: MemorySecrets;
  const deliver = async (id: string) => {
    const state = await secrets.store.look('ann');
    await secrets.store.store(ANN, keyOf(id), state);
    await secrets.store.promote({ id }, state);
  };
  const stages = (...ids: string[]) => Promise.all(ids.map((id) => secrets.store.stageOf('ann', id)));

  beforeEach(() => {
    secrets = memorySecrets();
  });

  it('has nothing at first', async () => {
    expect(await secrets.store.look('ann')).to.deep.equal({ name: 'secret/of/ann', exists: false });
    expect(await stages('ONE')).to.deep.equal(['none']);
    expect(secrets.currentOf('ann')).to.equal(undefined);
  });

  it('shows a version only when it is promoted', async () => {
    await deliver('ONE');
    const state = await secrets.store.look('ann');
    await secrets.store.store(ANN, keyOf('TWO'), state);
    expect(await stages('ONE', 'TWO')).to.deep.equal(['delivered', 'pending']);
    expect(secrets.currentOf('ann')?.accessKeyId).to.equal('ONE');
    await secrets.store.promote({ id: 'TWO' }, state);
    expect(await stages('ONE', 'TWO')).to.deep.equal(['delivered', 'delivered']);
    expect(secrets.currentOf('ann')?.accessKeyId).to.equal('TWO');
  });

  it('counts the previous version as delivered, and no older one', async () => {
    await deliver('ONE');
    await deliver('TWO');
    await deliver('THREE');
    expect(await stages('ONE', 'TWO', 'THREE')).to.deep.equal(['none', 'delivered', 'delivered']);
    expect(secrets.holds('ann', 'ONE')).to.equal(true);
  });

  it('has one pending version at a time', async () => {
    await deliver('ONE');
    const state = await secrets.store.look('ann');
    await secrets.store.store(ANN, keyOf('TWO'), state);
    await secrets.store.store(ANN, keyOf('THREE'), state);
    expect(await stages('TWO', 'THREE')).to.deep.equal(['none', 'pending']);
  });

  it('lists every version that has a stage', async () => {
    await deliver('ONE');
    await deliver('TWO');
    await deliver('THREE');
    const of = (accessKeyId: string) => ({
      userName: 'ann',
      accessKeyId,
      secret: `secret-of-${accessKeyId}`,
    });
    expect(secrets.staged()).to.deep.equal([
      { ...of('TWO'), stages: ['previous'] },
      { ...of('THREE'), stages: ['pending', 'current'] },
    ]);
  });

  it('promotes twice without complaint', async () => {
    await deliver('ONE');
    const state = await secrets.store.look('ann');
    await secrets.store.store(ANN, keyOf('TWO'), state);
    await secrets.store.promote({ id: 'TWO' }, state);
    await secrets.store.promote({ id: 'TWO' }, state);
    expect(secrets.currentOf('ann')?.accessKeyId).to.equal('TWO');
  });

  it('refuses what was decided on an outdated read', async () => {
    await deliver('ONE');
    const old = await secrets.store.look('ann');
    await secrets.store.store(ANN, keyOf('TWO'), old);
    await deliver('THREE');
    expect(await kindOf(secrets.store.promote({ id: 'TWO' }, old))).to.equal('unknown');
    expect(await kindOf(secrets.store.store(ANN, keyOf('FOUR'), { name: old.name, exists: false }))).to.equal(
      'conflict',
    );
  });

  it('is read by nobody until it is shared', async () => {
    const state = await secrets.store.look('ann');
    expect(await kindOf(secrets.store.share(ANN, state))).to.equal('not-found');
    await secrets.store.store(ANN, keyOf('ONE'), state);
    expect(secrets.readerOf('ann')).to.equal(undefined);
    await secrets.store.share(ANN, state);
    expect(secrets.readerOf('ann')).to.equal('arn:ann');
  });

  it('refuses to look at a secret that is being deleted', async () => {
    secrets.put('ann', 'ONE', 'secret-of-ONE');
    secrets.scheduleDeletion('ann');
    expect(await kindOf(secrets.store.look('ann'))).to.equal('conflict');
  });
});
