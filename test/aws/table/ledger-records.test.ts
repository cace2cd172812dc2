import { expect } from 'chai';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import { DAY } from '../../../src/domain/time.ts';
import { MOST_RECORDS, type KeyRecord, type Ledger } from '../../../src/run/ports/ledger.ts';
import { createWorld, emulatorForThisFile, START } from '../../support/world.ts';
import { callsOf, failureOf, FIRST_MEMBER as APP } from '../support.ts';

const keyId = (index: number) => `AKIA${String(index).padStart(4, '0')}`;
const notices = (count: number): readonly KeyRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'published',
    userName: `user-${index}`,
    accessKeyId: keyId(index),
    notice: { about: 'unused', firstAt: START, lastAt: START, date: START + DAY },
  }));

describe('what is recorded of many keys at once', () => {
  const emulator = emulatorForThisFile();
  let ledger: Ledger;
  beforeEach(async () => {
    const world = await createWorld(emulator(), { accounts: [] });
    ledger = dynamoLedger(world.aws, world.organization.tableName);
    await emulator().forgetCalls();
  });

  const WRITES = ['dynamodb:UpdateItem', 'dynamodb:TransactWriteItems'] as const;
  const writes = async () => (await callsOf(emulator(), ...WRITES)).map(({ action }) => action);

  for (const [count, calls] of [
    [0, []],
    [1, ['dynamodb:UpdateItem']],
    [25, ['dynamodb:TransactWriteItems']],
    [MOST_RECORDS, ['dynamodb:TransactWriteItems']],
  ] as const) {
    it(`is one call at most: ${count} keys`, async () => {
      await ledger.record(APP, notices(count));
      expect(await writes()).to.deep.equal(calls);
      const { keys, users } = await ledger.read(APP);
      expect([...keys.keys()]).to.have.members(notices(count).map(({ accessKeyId }) => accessKeyId));
      for (const index of count === 0 ? [] : [0, count - 1]) {
        expect(users.get(keyId(index))).to.equal(`user-${index}`);
        expect(keys.get(keyId(index))?.notices).to.have.length(1);
      }
    });
  }

  it('may be of every kind, as each would be alone', async () => {
    const of = (accessKeyId: string) => ({ userName: 'ann', accessKeyId });
    await ledger.record(APP, notices(4));
    await ledger.record(APP, [
      { kind: 'inactive', ...of(keyId(0)), at: START },
      { kind: 'reactivated', ...of(keyId(1)), at: START },
      { kind: 'notices-void', ...of(keyId(2)) },
      { kind: 'gone', accessKeyId: keyId(3), at: START },
      { kind: 'test-denied', ...of('AKIANEW'), denied: { at: START, cause: 'no' } },
    ]);
    const { keys, gone } = await ledger.read(APP);
    expect(keys.get(keyId(0)))
      .to.include({ inactiveSince: START })
      .and.to.have.property('notices');
    expect(keys.get(keyId(1))).to.deep.equal({ reactivatedAt: START, reactivations: [START] });
    expect(keys.get(keyId(2))).to.deep.equal({});
    expect([...gone]).to.deep.equal([keyId(3)]);
    expect(keys.get('AKIANEW')).to.deep.equal({ testDenied: { at: START, cause: 'no' } });
  });

  it('changes nothing when it is repeated', async () => {
    const records: readonly KeyRecord[] = [
      ...notices(2),
      { kind: 'reactivated', userName: 'ann', accessKeyId: 'AKIAON', at: START },
    ];
    await ledger.record(APP, records);
    const before = await ledger.read(APP);
    await ledger.record(APP, records);
    expect(await ledger.read(APP)).to.deep.equal(before);
  });

  it('is there after an answer was lost, and there once', async () => {
    await emulator().inject({
      action: 'dynamodb:TransactWriteItems',
      kind: 'reset',
      when: 'after',
      times: 1,
    });
    await ledger.record(APP, [
      ...notices(2),
      { kind: 'reactivated', userName: 'ann', accessKeyId: 'AKIAON', at: START },
    ]);
    expect((await ledger.read(APP)).keys.get('AKIAON')?.reactivations).to.deep.equal([START]);
  });

  it('is recorded wholly or not at all', async () => {
    await ledger.record(APP, [{ kind: 'inactive', userName: 'ann', accessKeyId: 'AKIAOLD', at: START }]);
    const before = await ledger.read(APP);
    // DynamoDB takes no key twice in one transaction.
    const twice = await failureOf(ledger.record(APP, [...notices(3), ...notices(1)]));
    expect(twice).to.include({ during: 'dynamodb:TransactWriteItems' });
    const tooMany = await failureOf(ledger.record(APP, notices(MOST_RECORDS + 1)));
    expect(tooMany).to.include({ during: 'dynamodb:TransactWriteItems' });
    expect(await ledger.read(APP)).to.deep.equal(before);
  });
});
