import { expect } from 'chai';
import type { ReaderLookup } from '../../../src/run/ports/messaging.ts';
import { snapshotOf } from '../../support/builders.ts';
import { about, notOk, examination, OTHER, OWN, refuse, service } from '../../support/memory/examination.ts';

type Answer = Awaited<ReturnType<ReaderLookup['of']>>;

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

  describe('with readers who are confirmed', () => {
    const failure = { kind: 'denied', during: 'sns:Get', message: 'no', nextStep: 'allow it' } as const;
    const lookup = (byAccount: Readonly<Record<string, Answer>>, failed = false): ReaderLookup => ({
      of: async (_arn, { attributes }) => byAccount[attributes['accountId'] ?? ''] ?? 'somebody',
      failureOf: () => (failed ? failure : undefined),
    });
    const settings = bookWith(row(OWN, ONE), row(OTHER, ONE));
    const name = `readers of ${ONE}`;

    it('finds nothing wrong where they get all digests', async () => {
      const [check] = await about({ settings }, { name });
      expect(check?.status).to.equal('ok');
    });

    it('finds the account whose digests no filter lets through', async () => {
      const [check, ...more] = await about({ settings, readers: lookup({ [OTHER]: 'nobody' }) }, { name });
      expect([check?.status, more]).to.deep.equal(['wrong', []]);
      expect(check?.message).to.include(`the digests of ${OTHER}:`);
      expect(check?.nextStep).to.include(`subscribe --email security@example.com --account ${OTHER}`);
    });

    for (const [failed, why, nextStep] of [
      [true, 'sns:Get: no', 'allow it'],
      [
        false,
        'their filters are not understood',
        'Subscribe somebody without a filter, or with one on accountId.',
      ],
    ] as const) {
      it(`does not pass for read what is not known: ${why}`, async () => {
        const readers = lookup({ [OWN]: 'unknown' }, failed);
        const [check, ...more] = await about({ settings, readers }, { name });
        expect([check?.status, check?.nextStep, more]).to.deep.equal(['not-checked', nextStep, []]);
        expect(check?.message).to.include(OWN).and.to.include(why);
      });
    }

    it('does not ask for accounts whose notices count by events', async () => {
      const byEvents = row(OTHER, ONE);
      const values = { ...byEvents.values, noticesBy: 'events' as const };
      const rows = [row(OWN, ONE), { ...byEvents, values }];
      const changes = {
        settings: { read: async () => ({ ...snapshotOf(), rows }) },
        readers: lookup({ [OTHER]: 'nobody' }),
      };
      expect((await about(changes, { name })).map(({ status }) => status)).to.deep.equal(['ok']);
    });

    it('says nothing more about a topic that nobody is subscribed to', async () => {
      const changes = { settings, service: service({ subscriptions: async () => [] }) };
      expect(await about(changes, { name })).to.deep.equal([]);
    });
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
