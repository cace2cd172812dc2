import { CreateAccessKeyCommand } from '@aws-sdk/client-iam';
import { CreateSecretCommand, DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { adminOf, DAY, FIRST_MEMBER, NOW } from './clients.ts';

const SLACK = 5_000; // of a slow machine
const seed = { accounts: [{ name: 'app', users: [{ userName: 'ann', keys: [] }] }] };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('emulator: the clock', () => {
  const emulator = emulatorForThisFile();

  beforeEach(() => emulator().reset());

  it('shows real time at first, and again after a reset', async () => {
    expect(await emulator().now()).to.be.closeTo(Date.now(), SLACK);
    await emulator().freezeClock(NOW);
    await emulator().reset();
    expect(await emulator().now()).to.be.closeTo(Date.now(), SLACK);
  });

  it('moves on from the time it is set to', async () => {
    await emulator().setClock(NOW);
    const first = await emulator().now();
    await sleep(20);
    const second = await emulator().now();
    expect(first).to.be.within(NOW, NOW + SLACK);
    expect(second - first).to.be.within(20, SLACK);
  });

  it('stands still when it is frozen', async () => {
    await emulator().freezeClock(NOW);
    await sleep(20);
    expect(await emulator().now()).to.equal(NOW);
  });

  it('can be advanced while it stands still', async () => {
    await emulator().freezeClock(NOW);
    await emulator().advance(90 * DAY);
    expect(await emulator().now()).to.equal(NOW + 90 * DAY);
  });

  it('can be advanced while it moves', async () => {
    await emulator().setClock(NOW);
    await emulator().advance(90 * DAY);
    expect(await emulator().now()).to.be.within(NOW + 90 * DAY, NOW + 90 * DAY + SLACK);
  });

  it('goes on as it did when an organization is seeded', async () => {
    await emulator().freezeClock(NOW);
    await emulator().seed(seed);
    expect(await emulator().now()).to.equal(NOW);
  });

  it('dates what is made', async () => {
    await emulator().freezeClock(NOW);
    await emulator().seed(seed);
    await emulator().advance(DAY);
    const { iam, secrets } = await adminOf(emulator(), FIRST_MEMBER);
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    await secrets.send(new CreateSecretCommand({ Name: 'ann', SecretString: 'x' }));
    const { CreatedDate, LastChangedDate } = await secrets.send(
      new DescribeSecretCommand({ SecretId: 'ann' }),
    );
    const dates = [AccessKey?.CreateDate, CreatedDate, LastChangedDate];
    expect(dates.map((date) => date?.getTime())).to.deep.equal([NOW + DAY, NOW + DAY, NOW + DAY]);
  });
});
