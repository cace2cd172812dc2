import { expect } from 'chai';
import * as sinon from 'sinon';
import type { FailureKind } from '../../../src/domain/errors.ts';
import { recordAll } from '../../../src/run/context/record-keys.ts';
import { refusal } from '../../support/memory/intercept.ts';

const record = (accessKeyId: string) => ({ kind: 'gone', accessKeyId, at: 0 }) as const;
type Gone = ReturnType<typeof record>;
const keys = (count: number): readonly Gone[] =>
  Array.from({ length: count }, (_, index) => record(`AKIA${index}`));

/** Takes everything but what is about these keys. */
const writeBut = (refused: readonly string[], kind: FailureKind) =>
  sinon.fake(async (some: readonly Gone[]) => {
    if (some.some(({ accessKeyId }) => refused.includes(accessKeyId))) throw refusal(kind, 'write');
  });
const sizes = (write: sinon.SinonSpy<[readonly Gone[]]>) => write.args.map(([some]) => some.length);
const written = (write: sinon.SinonSpy<[readonly Gone[]]>) => write.args.flatMap(([some]) => some);

describe('what is recorded of keys', () => {
  for (const [count, calls] of [
    [0, []],
    [1, [1]],
    [25, [25]],
    [100, [100]],
    [101, [100, 1]],
    [250, [100, 100, 50]],
  ] as const) {
    it(`goes out in as few calls as can be: ${count} keys`, async () => {
      const write = writeBut([], 'unknown');
      expect(await recordAll(keys(count), write)).to.deep.equal([]);
      expect(sizes(write)).to.deep.equal(calls);
      expect(written(write)).to.deep.equal(keys(count));
    });
  }

  it('is never twice about one key in one call, and stays in order', async () => {
    const write = writeBut([], 'unknown');
    const records = ['A', 'B', 'A', 'A', 'C'].map(record);
    await recordAll(records, write);
    expect(sizes(write)).to.deep.equal([2, 1, 2]);
    expect(written(write)).to.deep.equal(records);
  });

  for (const kind of ['conflict', 'throttled', 'transient', 'unknown'] as const) {
    it(`loses none of the others to a bad one (${kind}), which is named`, async () => {
      const write = writeBut(['AKIA7', 'AKIA120'], kind);
      const failed = await recordAll(keys(250), write);
      const alone = Array.from({ length: 100 }, () => 1);
      expect(failed.map((one) => one.record.accessKeyId)).to.deep.equal(['AKIA7', 'AKIA120']);
      expect(sizes(write)).to.deep.equal([100, ...alone, 100, ...alone, 50]);
    });
  }

  for (const kind of ['denied', 'not-found', 'lease-lost'] as const) {
    it(`is not tried one by one where that can't help (${kind}), and all of the call are named`, async () => {
      const write = writeBut(['AKIA7'], kind);
      const failed = await recordAll(keys(101), write);
      expect(failed.map((one) => one.record)).to.deep.equal(keys(100));
      expect(sizes(write)).to.deep.equal([100, 1]);
    });
  }
});
