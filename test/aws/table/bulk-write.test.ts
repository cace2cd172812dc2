import { expect } from 'chai';
import { bulkWrite } from '../../../src/aws/table/bulk-write.ts';
import type { SettingsWrite } from '../../../src/aws/table/settings-table.ts';
import { operationErrorOf } from '../../../src/aws/client/errors.ts';
import { OperationError } from '../../../src/domain/errors.ts';
import { clientThat, failureOf } from '../support.ts';

const write = (index: number): SettingsWrite => ({
  key: `user#111111111101#u${index}`,
  ...(index % 2 === 0
    ? { item: { pk: 'settings', sk: 'x', values: { rotateAfter: index }, final: [] } }
    : {}),
  partition: '111111111101',
  entry: {
    at: 0,
    runId: 'run-1',
    by: 'arn:aws:iam::123456789012:user/jane',
    what: 'settings-changed',
    userName: `u${index}`,
    reason: 'rotateAfter',
    message: `Settings of u${index} changed`,
  },
});
const writes = (count: number) => Array.from({ length: count }, (_, index) => write(index));

type Requests = readonly {
  readonly PutRequest?: { readonly Item: { readonly sk: string } };
  readonly DeleteRequest?: { readonly Key: { readonly sk: string } };
}[];
const keyOf = (request: Requests[number]) => request.PutRequest?.Item.sk ?? request.DeleteRequest?.Key.sk;

/** A table that leaves some rows out of each batch, as one without room does. */
function table(leavesOut: (requests: Requests, batch: number) => Requests) {
  const sizes: number[] = [];
  const rows: (string | undefined)[] = [];
  const history: { readonly sk: string; readonly message: string }[] = [];
  const client = clientThat((name, input) => {
    if (name === 'PutCommand') {
      history.push((input as { readonly Item: (typeof history)[number] }).Item);
      return {};
    }
    const requests = (input as { readonly RequestItems: { readonly ledger: Requests } }).RequestItems.ledger;
    sizes.push(requests.length);
    const left = leavesOut(requests, sizes.length);
    rows.push(...requests.filter((one) => !left.includes(one)).map(keyOf));
    return { UnprocessedItems: left.length === 0 ? {} : { ledger: left } };
  });
  const waits: number[] = [];
  const sleep = (duration: number) => {
    waits.push(duration);
    return Promise.resolve();
  };
  return {
    sizes,
    rows,
    history,
    waits,
    sleep,
    it: { name: 'ledger', client, operationError: operationErrorOf },
  };
}
const ours = { stillOurs: () => Promise.resolve(), historyKept: undefined };

describe('writing thousands of rows of settings', () => {
  it('takes batches of 25, and one entry of the history for each', async () => {
    const there = table(() => []);
    await bulkWrite(there.it, writes(1_010), ours, there.sleep);
    expect(there.sizes).to.have.length(41);
    expect(Math.max(...there.sizes)).to.equal(25);
    expect(new Set(there.rows)).to.deep.equal(new Set(writes(1_010).map(({ key }) => key)));
    expect(there.history).to.have.length(41);
    expect(there.history.map(({ message }) => message).join(';')).to.include('Settings of u1009 changed');
    expect(there.waits).to.deep.equal([]);
  });

  it('sends again what the table had no room for, later each time, and nothing else', async () => {
    const there = table((requests, batch) => (batch <= 3 ? requests.slice(5 * batch) : []));
    await bulkWrite(there.it, writes(25), ours, there.sleep);
    expect(there.sizes).to.deep.equal([25, 20, 10]);
    expect(new Set(there.rows)).to.deep.equal(new Set(writes(25).map(({ key }) => key)));
    expect(there.rows).to.have.length(25);
    expect(there.waits).to.have.length(2);
    expect(there.waits[1]).to.be.above(there.waits[0] ?? Infinity);
  });

  it('gives up in the end, and says that it is to be run again', async () => {
    const there = table((requests) => requests);
    const failure = await failureOf(bulkWrite(there.it, writes(3), ours, there.sleep));
    expect(failure).to.include({ kind: 'throttled', nextStep: 'Run it again: it writes what is missing.' });
    expect(there.waits.reduce((sum, one) => sum + one, 0)).to.be.within(10_000, 30_000);
    expect(there.history).to.deep.equal([]);
  });

  it('stops when somebody else has begun to write', async () => {
    const there = table(() => []);
    let looks = 0;
    const theirs = () => {
      looks += 1;
      const failure = {
        kind: 'conflict',
        during: 'write',
        message: 'overtaken',
        nextStep: 'Again.',
      } as const;
      return looks > 1 ? Promise.reject(new OperationError(failure)) : Promise.resolve();
    };
    const failure = await failureOf(
      bulkWrite(there.it, writes(3_000), { ...ours, stillOurs: theirs }, there.sleep),
    );
    expect(failure.kind).to.equal('conflict');
    expect(there.rows).to.have.length(1_000);
  });
});
