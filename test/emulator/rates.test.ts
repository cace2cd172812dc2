import { ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rate } from '../support/emulator/emulator.ts';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { adminOf, FIRST_MEMBER, MANAGEMENT, problemOf, refusalOf, type Clients } from './clients.ts';

const users = [{ userName: 'ann', keys: [] }];

describe('emulator: how fast AWS answers', () => {
  const emulator = emulatorForThisFile();
  let app: Clients;

  beforeEach(async () => {
    await emulator().seed({ accounts: [{ name: 'app', users }], management: { users } });
    app = await adminOf(emulator(), FIRST_MEMBER);
  });

  const ask = ({ iam } = app) => iam.send(new ListAccessKeysCommand({ UserName: 'ann' }));
  /** How often IAM answers so many calls, one after the other. */
  const answered = async (calls: number, client = app): Promise<number> => {
    let count = 0;
    for (let call = 0; call < calls; call++) if ((await refusalOf(ask(client))) === 'accepted') count += 1;
    return count;
  };

  it('over the rate IAM answers Throttling, as AWS does', async () => {
    await emulator().setRate({ service: 'iam', perSecond: 0.1, burst: 1 });
    await ask();
    const problem = await problemOf(ask());
    const failure = [problem?.name, problem?.message, problem?.$metadata?.httpStatusCode];
    expect(failure).to.deep.equal(['Throttling', 'Rate exceeded', 400]);
  });

  it('an account may make as many calls at once as its burst, then as many a second as its rate', async () => {
    const startedAt = performance.now();
    await emulator().setRate({ service: 'iam', perSecond: 10, burst: 5 });
    expect(await answered(5)).to.equal(5);
    await sleep(300);
    const again = await answered(12);
    const seconds = (performance.now() - startedAt) / 1000;
    expect(again).to.be.within(3, 10 * seconds);
  });

  it('waiting longer gives no more than the burst', async () => {
    await emulator().setRate({ service: 'iam', perSecond: 50, burst: 2 });
    await sleep(200);
    await emulator().setRate({ service: 'iam', perSecond: 0.1, burst: 2 });
    await sleep(50);
    expect(await answered(4)).to.equal(2);
  });

  it('goes by real time, whatever the clock shows', async () => {
    await emulator().setRate({ service: 'iam', perSecond: 0.1, burst: 1 });
    await ask();
    await emulator().advance(86_400_000);
    expect(await answered(2)).to.equal(0);
  });

  it('each account has a bucket of its own, and other services have none', async () => {
    await emulator().setRate({ service: 'iam', perSecond: 0.1, burst: 1 });
    expect(await answered(3)).to.equal(1);
    expect(await answered(3, await adminOf(emulator(), MANAGEMENT))).to.equal(1);
    for (let call = 0; call < 3; call++) await app.secrets.send(new ListSecretsCommand({}));
  });

  it('a throttled call is recorded as one, has no effect and counts for no fault', async () => {
    await emulator().setRate({ service: 'iam', perSecond: 0.1, burst: 1 });
    await emulator().inject({ action: 'iam:*', kind: 'error', code: 'Broken', skip: 1 });
    expect([await refusalOf(ask()), await refusalOf(ask())]).to.deep.equal(['accepted', 'Throttling']);
    await emulator().setRate({ service: 'iam' });
    expect(await refusalOf(ask())).to.equal('Broken');
    const recorded = (await emulator().calls()).map(({ status, throttled, faulted }) => [
      status,
      throttled === true,
      faulted === true,
    ]);
    expect(recorded).to.deep.equal([
      [200, false, false],
      [400, true, false],
      [400, false, true],
    ]);
  });

  it('ends with a service that is given no rate, and with everything else that is forgotten', async () => {
    for (const end of [
      () => emulator().setRate({ service: 'iam' }),
      () => emulator().seed({ accounts: [{ name: 'app', users }] }),
    ]) {
      await emulator().setRate({ service: 'iam', perSecond: 0.1, burst: 1 });
      await end();
      expect(await answered(3, await adminOf(emulator(), FIRST_MEMBER))).to.equal(3);
    }
  });

  for (const rate of [
    { service: 'iam', perSecond: 0, burst: 1 },
    { service: 'iam', perSecond: 5 },
    { service: 'iam', perSecond: 5, burst: 0 },
  ] as const satisfies readonly Rate[]) {
    it(`no rate is ${JSON.stringify(rate)}`, async () => {
      expect((await problemOf(emulator().setRate(rate)))?.message).to.contain('no rate');
    });
  }
});
