import { expect } from 'chai';
import { s3Bucket } from '../../../src/aws/storage/bucket.ts';
import { listedIn } from '../../../src/aws/storage/bucket-xml.ts';
import { reportStore, storedRuns } from '../../../src/aws/storage/stored-runs.ts';
import { storedRunOf } from '../../../src/domain/report/stored-run-of.ts';
import type { QuietKey } from '../../../src/domain/report/stored-run.ts';
import { days, HOUR } from '../../../src/domain/time.ts';
import { BUCKET, makeBucket } from '../../support/map/run-map.ts';
import { emulatorForThisFile } from '../../support/world.ts';
import { runReport, T0 } from '../../support/builders.ts';
import { adminOf, callsOf, failureOf, MANAGEMENT } from '../support.ts';

const runIdOf = (n: number) => `20260301T060000Z-${n.toString(16).padStart(6, '0')}`;
const runAt = (n: number, isWhole = true, finishedAt = T0 + n * HOUR) =>
  storedRunOf(runReport({ runId: runIdOf(n), finishedAt }), { isWhole, quietFiles: 0 });

describe('reports of runs in a bucket', () => {
  const emulator = emulatorForThisFile();
  beforeEach(async () => {
    await emulator().reset();
    await makeBucket(emulator());
  });
  const bucket = async (name = BUCKET) =>
    s3Bucket(await adminOf(emulator(), MANAGEMENT), `${emulator().endpoint}/${name}`, () =>
      Promise.resolve(),
    );
  const store = async () => reportStore(await bucket());
  const runs = async () => storedRuns(await bucket());

  it('come back as they were, newest first', async () => {
    for (const n of [2, 1, 3]) await (await store()).write(runAt(n, n !== 3));
    expect(await (await runs()).list()).to.deep.equal([
      { runId: runIdOf(3), finishedAt: T0 + 3 * HOUR, isWhole: false },
      { runId: runIdOf(2), finishedAt: T0 + 2 * HOUR, isWhole: true },
      { runId: runIdOf(1), finishedAt: T0 + HOUR, isWhole: true },
    ]);
    expect(await (await runs()).read(runIdOf(2))).to.deep.equal(runAt(2));
    expect(await (await runs()).read(runIdOf(4))).to.equal(undefined);
  });

  it('cost a call each to leave, and two to find one', async () => {
    await (await store()).write(runAt(1));
    const reading = await runs();
    await reading.list();
    await reading.read(runIdOf(1));
    const calls = (await emulator().calls()).map(({ action }) => action);
    expect(calls.filter((action) => /PutObject|GetObject|ListObject|ListBucket/.test(action))).to.have.length(
      3,
    );
  });

  it('are listed page by page', async () => {
    const each = await bucket();
    const body = new Uint8Array();
    const numbers = [...Array(1_001).keys()];
    for (let from = 0; from < numbers.length; from += 50) {
      await Promise.all(
        numbers
          .slice(from, from + 50)
          .map((n) =>
            each.put(`reports/runs/${9_999_999_999_999 - n}_whole_${runIdOf(n)}.json.gz`, body, 'x'),
          ),
      );
    }
    const listed = await (await runs()).list();
    expect(listed.map(({ finishedAt }) => finishedAt)).to.deep.equal(numbers.toReversed());
  });

  it('count once where the end of a run was done twice: the later one', async () => {
    await (await store()).write(runAt(1));
    await (await store()).write(runAt(1, true, T0 + 5 * HOUR));
    expect((await (await runs()).list()).map(({ finishedAt }) => finishedAt)).to.deep.equal([T0 + 5 * HOUR]);
    expect((await (await runs()).read(runIdOf(1)))?.finishedAt).to.equal(T0 + 5 * HOUR);
  });

  it('are not mixed up with what else is there', async () => {
    const each = await bucket();
    for (const name of ['reports/runs/x', 'reports/runs/1_whole_a.json.gz', 'reports/quiet/x', 'runs/y']) {
      await each.put(name, Buffer.from('x'), 'text/plain');
    }
    expect(await (await runs()).list()).to.deep.equal([]);
  });

  it('are none where they can not be understood', async () => {
    const name = `reports/runs/${String(9_999_999_999_999 - T0).padStart(13, '0')}_whole_${runIdOf(1)}.json.gz`;
    for (const body of ['no gzip', '']) {
      await (await bucket()).put(name, Buffer.from(body), 'application/gzip');
      expect(await (await runs()).read(runIdOf(1))).to.equal(undefined);
    }
    await (await store()).write({ ...runAt(1), finishedAt: T0, schemaVersion: 2 as 1 });
    expect(await (await runs()).read(runIdOf(1))).to.equal(undefined);
  });

  describe('have quiet keys', () => {
    const quiet = (userName: string): QuietKey => ({
      accountId: '111111111111',
      userName,
      createdAt: T0 - days(10),
      lastUse: { kind: 'never' },
      dueAt: T0 + days(50),
    });

    it('in files of their own', async () => {
      await (await store()).writeQuietKeys(runIdOf(1), 1, [quiet('ann')]);
      await (await store()).writeQuietKeys(runIdOf(1), 2, [quiet('bob'), quiet('eve')]);
      const read = await (await runs()).quietKeys({ runId: runIdOf(1), quietFiles: 2 });
      expect(read.map(({ userName }) => userName)).to.deep.equal(['ann', 'bob', 'eve']);
      expect(await (await runs()).quietKeys({ runId: runIdOf(1), quietFiles: 0 })).to.deep.equal([]);
    });

    it('and none are told where a file is missing: a part of them would pass for all', async () => {
      await (await store()).writeQuietKeys(runIdOf(1), 1, [quiet('ann')]);
      const failure = await failureOf((await runs()).quietKeys({ runId: runIdOf(1), quietFiles: 2 }));
      expect(failure).to.include({ during: 's3:GetObject' });
      expect(failure.message).to.include('0002');
    });
  });

  for (const [title, fault, kind, sent] of [
    ['denied, at once', { code: 'AccessDenied', httpStatus: 403 }, 'denied', 1],
    ['broken, after five tries', { code: 'InternalError', httpStatus: 500 }, 'transient', 5],
  ] as const) {
    it(`can not be listed when S3 says that it is ${title}`, async () => {
      await emulator().inject({ action: 's3:ListBucket', kind: 'error', ...fault });
      const failure = await failureOf((await runs()).list());
      expect(failure).to.include({ kind, during: 's3:ListBucket' });
      expect(await callsOf(emulator(), 's3:ListBucket')).to.have.length(sent);
    });
  }

  it('can not be listed where there is no bucket', async () => {
    const failure = await failureOf(storedRuns(await bucket('nowhere')).list());
    expect(failure).to.include({ kind: 'not-found' });
  });
});

describe('a list of S3', () => {
  const page = (inside: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</ListBucketResult>`;

  for (const [title, xml, expected] of [
    ['of nothing', page('<IsTruncated>false</IsTruncated>'), { names: [] }],
    [
      'with names that XML escapes',
      page('<IsTruncated>false</IsTruncated><Contents><Key>a&amp;b&#x41;&#66;&lt;</Key></Contents>'),
      { names: ['a&bAB<'] },
    ],
    [
      'that goes on',
      page(
        '<IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents><NextContinuationToken>t+/=</NextContinuationToken>',
      ),
      { names: ['a'], token: 't+/=' },
    ],
    ['that goes on nowhere', page('<IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents>'), {}],
    ['that does not say whether it goes on', page('<Contents><Key>a</Key></Contents>'), {}],
    ['with an object without a name', page('<IsTruncated>false</IsTruncated><Contents></Contents>'), {}],
    ['cut off', page('<IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents>').slice(0, -20), {}],
    ['of a proxy', '<html><body>Please log in</body></html>', {}],
    ['of nobody', '', {}],
  ] as const) {
    it(`is read ${title}`, () => expect(listedIn(xml)).to.deep.equal(expected));
  }
});
