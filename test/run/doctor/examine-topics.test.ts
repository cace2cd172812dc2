import { expect } from 'chai';
import { snapshotOf } from '../../support/builders.ts';
import { about, notOk, examination, OTHER, OWN, refuse, service } from '../../support/memory/examination.ts';

describe('the examination of topics that the settings name', () => {
  const [ONE, FAR] = [`arn:aws:sns:eu-central-1:${OWN}:one`, 'arn:aws:sns:eu-west-1:999999999999:far'];
  const row = (accountId: string, topicArn: string) =>
    ({ target: { level: 'account', accountId }, values: { topicArn }, final: [] }) as const;
  const bookWith = (...rows: readonly ReturnType<typeof row>[]) => ({
    read: async () => ({ ...snapshotOf(), rows }),
  });
  const read = [{ protocol: 'email', endpoint: 'ops@example.com', confirmed: true }];

  it('finds the one nobody reads, and says whose digests go there', async () => {
    const subscriptions = async (arn: string) => (arn === ONE ? [] : read);
    const changes = {
      settings: bookWith(row(OWN, ONE), row(OTHER, ONE)),
      service: service({ subscriptions }),
    };
    expect(await notOk(changes)).to.deep.equal([`topic subscriptions of ${ONE} wrong`]);
    const [check] = await about(changes, { area: 'topic', status: 'wrong' });
    expect(check?.message).to.include(`account ${OWN}, account ${OTHER}`);
  });

  it('asks about each once, and about that of the deployment as such', async () => {
    const asked: string[] = [];
    const topic = async (arn: string) => {
      asked.push(arn);
      return { keyId: 'key-1' };
    };
    const { topicArn = '' } = examination();
    const settings = bookWith(row(OWN, ONE), row(OTHER, ONE), row('777788889999', topicArn));
    const found = await about({ settings, service: service({ topic }) }, { area: 'topic', status: 'ok' });
    expect(asked).to.deep.equal([topicArn, ONE]);
    expect(found.map(({ name }) => name)).to.include.members(['status', `status of ${ONE}`]);
  });

  for (const [keyId, asked] of [
    ['abc', 'arn:aws:kms:eu-west-1:999999999999:key/abc'],
    ['alias/x', 'arn:aws:kms:eu-west-1:999999999999:alias/x'],
    ['arn:aws:kms:eu-west-1:1:key/z', 'arn:aws:kms:eu-west-1:1:key/z'],
  ] as const) {
    it(`looks for the key ${keyId} of a topic elsewhere there, not here`, async () => {
      const keys: string[] = [];
      const encryptionKey = async (arn: string) => {
        keys.push(arn);
        return { arn, state: 'Enabled', customerManaged: true };
      };
      const topic = async (arn: string) => ({ keyId: arn === FAR ? keyId : 'key-1' });
      const settings = bookWith(row(OTHER, FAR));
      expect(await notOk({ settings, service: service({ topic, encryptionKey }) })).to.deep.equal([]);
      expect(keys).to.have.members(['key-1', 'key-1', asked]);
    });
  }

  it('finds the one that is not there', async () => {
    const topic = (arn: string) =>
      arn === ONE ? refuse('not-found', 't')() : Promise.resolve({ keyId: 'key-1' });
    const changes = { settings: bookWith(row(OTHER, ONE)), service: service({ topic }) };
    expect(await notOk(changes)).to.deep.equal([`topic status of ${ONE} wrong`]);
    const [check] = await about(changes, { area: 'topic', status: 'wrong' });
    expect(check?.message).to.include(`topicArn of account ${OTHER}`);
    expect(check?.nextStep).to.include('settings list');
  });
});
