import { expect } from 'chai';
import sinon from 'sinon';
import { shared, type TemporaryCredentials } from '../../../src/aws/client/credentials.ts';
import { MINUTE } from '../../../src/domain/time.ts';

const START = Date.UTC(2026, 0, 5);

const lasting = (accessKeyId: string, until: number): TemporaryCredentials => ({
  accessKeyId,
  secretAccessKey: 'secret',
  expiration: new Date(until),
});

describe('shared credentials', () => {
  let now: number;
  let fetch: sinon.SinonStub<[], Promise<TemporaryCredentials>>;
  let provide: () => Promise<TemporaryCredentials>;
  const id = async () => (await provide()).accessKeyId;

  beforeEach(() => {
    now = START;
    fetch = sinon.stub();
    fetch.onFirstCall().callsFake(async () => lasting('second', now + 15 * MINUTE));
    fetch.onSecondCall().callsFake(async () => lasting('third', now + 15 * MINUTE));
    provide = shared(fetch, lasting('first', START + 15 * MINUTE), () => now);
  });

  for (const [title, passed, expected] of [
    ['are the first ones at once', 0, 'first'],
    ['are still the first ones 5 minutes before their end', 10 * MINUTE, 'first'],
    ['are new ones from then on', 10 * MINUTE + 1, 'second'],
    ['are new ones after the end', 20 * MINUTE, 'second'],
  ] as const) {
    it(title, async () => {
      now += passed;
      expect(await id()).to.equal(expected);
      expect(fetch.callCount).to.equal(expected === 'first' ? 0 : 1);
    });
  }

  it('are fetched once for all who ask at the same time', async () => {
    now += 12 * MINUTE;
    expect(await Promise.all([id(), id(), id()])).to.deep.equal(['second', 'second', 'second']);
    expect(fetch.callCount).to.equal(1);
  });

  it('are fetched anew at the end of every set', async () => {
    now += 12 * MINUTE;
    const seen = [await id(), await id()];
    now += 12 * MINUTE;
    seen.push(await id(), await id());
    expect(seen).to.deep.equal(['second', 'second', 'third', 'third']);
  });

  it('fail for all who waited for a fetch that failed, and are fetched again by the next one', async () => {
    fetch.onFirstCall().rejects(new Error('not now'));
    now += 12 * MINUTE;
    const answers = await Promise.allSettled([id(), id()]);
    expect(answers.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(fetch.callCount).to.equal(1);
    expect(await id()).to.equal('third');
  });

  it('that have no end are never fetched again', async () => {
    provide = shared(fetch, { accessKeyId: 'first', secretAccessKey: 'secret' }, () => now);
    now += 1e12;
    expect(await id()).to.equal('first');
    expect(fetch.callCount).to.equal(0);
  });
});
