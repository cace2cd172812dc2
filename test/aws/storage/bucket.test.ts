import { expect } from 'chai';
import { bucketFiles } from '../../../src/aws/storage/bucket-files.ts';
import { s3Bucket } from '../../../src/aws/storage/bucket.ts';
import { BUCKET, makeBucket } from '../../support/map/run-map.ts';
import { emulatorForThisFile } from '../../support/world.ts';
import { adminOf, callsOf, failureOf, MANAGEMENT } from '../support.ts';

describe('the files of a run in a bucket', () => {
  const emulator = emulatorForThisFile();
  let counts = { calls: 0, throttles: 0 };
  beforeEach(async () => {
    await emulator().reset();
    counts = { calls: 0, throttles: 0 };
    await makeBucket(emulator());
  });
  const files = async (bucket = BUCKET) => {
    const settings = { ...(await adminOf(emulator(), MANAGEMENT)), counts };
    return bucketFiles(s3Bucket(settings, `${emulator().endpoint}/${bucket}`, () => Promise.resolve()));
  };

  it('come back as they were', async () => {
    const shared = { at: 1 };
    const value = { map: new Map([['a', shared]]), set: new Set([1]), same: shared, none: undefined };
    await (await files()).write('runs/1/plan', value);
    const read = (await (await files()).read('runs/1/plan')) as typeof value;
    expect(read).to.deep.equal(value);
    expect(read.map.get('a')).to.equal(read.same);
    await (await files()).writeJson('runs/1/items', [{ a: 'ü' }]);
    expect(await (await files()).readJson('runs/1/items')).to.deep.equal([{ a: 'ü' }]);
    expect(counts.calls).to.equal(4);
  });

  it('are none where there are none, or nothing that can be understood', async () => {
    expect(await (await files()).read('runs/1/plan')).to.equal(undefined);
    await (await files()).writeJson('runs/1/plan.devalue.gz', 'x');
    expect(await (await files()).readJson('runs/1/plan')).to.equal(undefined);
  });

  for (const [title, fault, kind, sent] of [
    ['denied, at once', { code: 'AccessDenied', httpStatus: 403 }, 'denied', 1],
    ['throttled, after five tries', { code: 'SlowDown', httpStatus: 503 }, 'throttled', 5],
    ['broken, after five tries', { code: 'InternalError', httpStatus: 500 }, 'transient', 5],
  ] as const) {
    it(`fail when S3 says that they are ${title}`, async () => {
      await emulator().inject({ action: 's3:PutObject', kind: 'error', ...fault });
      const failure = await failureOf((await files()).write('runs/1/plan', {}));
      expect(failure).to.include({ kind, during: 's3:PutObject' });
      expect(await callsOf(emulator(), 's3:PutObject')).to.have.length(sent);
    });
  }

  it('are written after all when S3 recovers', async () => {
    await emulator().inject({ action: 's3:PutObject', kind: 'reset', times: 2 });
    await (await files()).write('runs/1/plan', { a: 1 });
    expect(await (await files()).read('runs/1/plan')).to.deep.equal({ a: 1 });
  });

  it('fail where there is no bucket, and say what names it', async () => {
    const failure = await failureOf((await files('nowhere')).read('runs/1/plan'));
    expect(failure.nextStep).to.include('REPORTS_URL');
  });
});
