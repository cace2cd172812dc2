import { expect } from 'chai';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import { T0 } from '../builders.ts';
import { kindOf } from './caught.ts';
import { memorySecrets, type MemorySecrets } from './secrets.ts';
import { prepared } from '../prepared.ts';

const ANN = { userName: 'ann', arn: 'arn:ann', userId: 'AIDAANN1' };
const NEXT_ANN = { ...ANN, userId: 'AIDAANN2' };
const OWN_PLACE = 'ann/AIDAANN2';
const keyOf = (id: string): CreatedKey => ({
  id,
  status: 'active',
  createdAt: T0,
  secret: `secret-of-${id}`,
});

describe('the secret store in memory', () => {
  let secrets: MemorySecrets;
  const listed: { readonly id: string }[] = [];
  const deliver = async (id: string, user = ANN) => {
    const state = await prepared(secrets.store, user);
    await secrets.store.store(user, keyOf(id), state);
    await secrets.store.promote({ id }, state);
  };
  const stages = (...ids: string[]) => Promise.all(ids.map((id) => secrets.store.stageOf(ANN, id)));

  beforeEach(() => {
    listed.length = 0;
    secrets = memorySecrets(() => listed);
  });

  it('has nothing at first', async () => {
    expect(await secrets.store.look(ANN)).to.deep.equal({ name: 'secret/of/ann', exists: false });
    expect(await stages('ONE')).to.deep.equal(['none']);
    expect(secrets.currentOf('ann')).to.equal(undefined);
  });

  it('is prepared before it holds anything, and its user may read it from then on', async () => {
    expect(await prepared(secrets.store, ANN)).to.deep.equal({ name: 'secret/of/ann', exists: true });
    expect(secrets.readerOf('ann')).to.equal('arn:ann');
    expect(secrets.ownerOf('ann')).to.equal(ANN.userId);
    expect(secrets.currentOf('ann')).to.equal(undefined);
  });

  it('shows a version only when it is promoted', async () => {
    await deliver('ONE');
    const state = await prepared(secrets.store, ANN);
    await secrets.store.store(ANN, keyOf('TWO'), state);
    expect(await stages('ONE', 'TWO')).to.deep.equal(['delivered', 'pending']);
    expect(secrets.currentOf('ann')?.accessKeyId).to.equal('ONE');
    await secrets.store.promote({ id: 'TWO' }, state);
    expect(await stages('ONE', 'TWO')).to.deep.equal(['delivered', 'delivered']);
    expect(secrets.currentOf('ann')?.accessKeyId).to.equal('TWO');
  });

  it('counts the previous version as delivered, and no older one', async () => {
    for (const id of ['ONE', 'TWO', 'THREE']) await deliver(id);
    expect(await stages('ONE', 'TWO', 'THREE')).to.deep.equal(['none', 'delivered', 'delivered']);
    expect(secrets.holds('ann', 'ONE')).to.equal(true);
  });

  it('has one pending version at a time', async () => {
    await deliver('ONE');
    const state = await secrets.store.look(ANN);
    await secrets.store.store(ANN, keyOf('TWO'), state);
    await secrets.store.store(ANN, keyOf('THREE'), state);
    expect(await stages('TWO', 'THREE')).to.deep.equal(['none', 'pending']);
  });

  it('lists every version that has a stage', async () => {
    for (const id of ['ONE', 'TWO', 'THREE']) await deliver(id);
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
    const state = await secrets.store.look(ANN);
    await secrets.store.store(ANN, keyOf('TWO'), state);
    await secrets.store.promote({ id: 'TWO' }, state);
    await secrets.store.promote({ id: 'TWO' }, state);
    expect(secrets.currentOf('ann')?.accessKeyId).to.equal('TWO');
  });

  it('refuses what was decided on an outdated read', async () => {
    await deliver('ONE');
    const old = await secrets.store.look(ANN);
    await secrets.store.store(ANN, keyOf('TWO'), old);
    await deliver('THREE');
    expect(await kindOf(secrets.store.promote({ id: 'TWO' }, old))).to.equal('unknown');
  });

  it('takes no value before it is prepared', async () => {
    const state = await secrets.store.look(ANN);
    expect(await kindOf(secrets.store.store(ANN, keyOf('ONE'), state))).to.equal('not-found');
  });

  it('gives a new user of an old name a secret of its own', async () => {
    await deliver('ONE');
    await deliver('TWO', NEXT_ANN);
    expect(secrets.currentOf('ann')?.accessKeyId).to.equal('ONE');
    expect(secrets.currentOf(OWN_PLACE)?.accessKeyId).to.equal('TWO');
    expect(await secrets.store.stageOf(NEXT_ANN, 'TWO')).to.equal('delivered');
    secrets.remove('ann');
    expect((await secrets.store.look(NEXT_ANN)).name, 'kept').to.equal(`secret/of/${OWN_PLACE}`);
  });

  for (const [whose, ids, place] of [
    ["a user's whose key it holds", ['ONE'], 'ann'],
    ['of nobody who has other keys', ['TWO'], OWN_PLACE],
  ] as const) {
    it(`which an earlier version made is ${whose}`, async () => {
      secrets.put('ann', 'ONE', 'secret-of-ONE');
      listed.push(...ids.map((id) => ({ id })));
      expect((await prepared(secrets.store, NEXT_ANN)).name).to.equal(`secret/of/${place}`);
      expect(secrets.ownerOf(place)).to.equal(NEXT_ANN.userId);
    });
  }

  it('refuses what somebody else has made', async () => {
    secrets.putForeign('ann');
    expect(await kindOf(secrets.store.look(ANN))).to.equal('conflict');
    expect(await kindOf(prepared(secrets.store, ANN))).to.equal('conflict');
  });

  it('names once what else its policy says', async () => {
    await deliver('ONE');
    secrets.addStatement('ann', 'Auditors');
    expect((await prepared(secrets.store, ANN)).foreignStatements).to.deep.equal(['Auditors']);
    expect(await prepared(secrets.store, ANN)).not.to.have.property('foreignStatements');
  });

  it('says what consumers find of a key', async () => {
    const find = (name?: string) => secrets.store.deliveryOf('ann', 'ONE', name);
    expect(await find()).to.equal('gone');
    await deliver('ONE');
    expect([await find(), await find('secret/of/ann'), await find('secret/of/eve')]).to.deep.equal([
      'current',
      'current',
      'gone',
    ]);
    await deliver('TWO');
    expect(await find()).to.equal('superseded');
    secrets.scheduleDeletion('ann');
    expect(await find()).to.equal('deleting');
    secrets.setReadable('ann', false);
    expect(await find()).to.equal('unknown');
  });

  it('keeps the region of an SMTP password with its version', async () => {
    const state = await prepared(secrets.store, ANN);
    await secrets.store.store(ANN, keyOf('ONE'), state, 'eu-west-1');
    await secrets.store.promote({ id: 'ONE' }, state);
    expect(secrets.sesRegionOf('ann')).to.equal('eu-west-1');
  });

  it('refuses to look at a secret that is being deleted', async () => {
    await deliver('ONE');
    secrets.scheduleDeletion('ann');
    expect(await kindOf(secrets.store.look(ANN))).to.equal('conflict');
  });
});
