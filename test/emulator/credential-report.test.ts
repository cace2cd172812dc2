import { GenerateCredentialReportCommand, GetCredentialReportCommand } from '@aws-sdk/client-iam';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { adminOf, DAY, FIRST_MEMBER, NOW, refusalOf, type Clients } from './clients.ts';

const HOUR = 3_600_000;
const users = [
  {
    userName: 'ann',
    keys: [
      { createdAt: NOW - 2 * DAY, lastUsedAt: NOW - DAY },
      { createdAt: NOW - DAY, status: 'Inactive' as const },
    ],
  },
];

const make = ({ iam }: Clients) => iam.send(new GenerateCredentialReportCommand({}));
const get = ({ iam }: Clients) => iam.send(new GetCredentialReportCommand({}));

/** Asks until it is there. */
async function made(clients: Clients): Promise<void> {
  while ((await make(clients)).State !== 'COMPLETE') await setTimeout(50);
}

async function rows(clients: Clients): Promise<readonly Record<string, string>[]> {
  const { Content } = await get(clients);
  const [head = '', ...lines] = new TextDecoder().decode(Content).trim().split('\n');
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell] as const)),
  );
}

describe('emulator: the credential report', () => {
  const emulator = emulatorForThisFile();
  let app: Clients;

  const seed = async (rootHasKeys = false) => {
    await emulator().freezeClock(NOW);
    await emulator().seed({ accounts: [{ name: 'app', rootHasKeys, users }] });
    app = await adminOf(emulator(), FIRST_MEMBER);
  };
  const seedAndMake = async (rootHasKeys = false) => {
    await seed(rootHasKeys);
    await made(app);
  };

  it("isn't there until it was asked for, nor right after that", async () => {
    await seed();
    expect(await refusalOf(get(app))).to.equal('CredentialReportNotPresentException');
    expect((await make(app)).State).to.equal('STARTED');
    expect(await refusalOf(get(app))).to.equal('CredentialReportNotReadyException');
    await made(app);
    expect(await refusalOf(get(app))).to.equal('accepted');
  });

  for (const rootHasKeys of [true, false]) {
    it(`tells of the root too, which ${rootHasKeys ? 'has' : 'has no'} key`, async () => {
      await seedAndMake(rootHasKeys);
      const [root] = await rows(app);
      expect(root?.['user']).to.equal('<root_account>');
      expect(root?.['access_key_1_active']).to.equal(String(rootHasKeys));
    });
  }

  it('tells of the keys of each user by their dates', async () => {
    await seedAndMake();
    const [, ann] = await rows(app);
    expect(ann).to.include({
      user: 'ann',
      access_key_1_active: 'true',
      access_key_1_last_rotated: '2026-02-28T09:00:00+00:00',
      access_key_1_last_used_date: '2026-03-01T09:00:00+00:00',
      access_key_2_active: 'false',
      access_key_2_last_used_date: 'N/A',
    });
  });

  it('stays as it was made, and says when that was', async () => {
    await seedAndMake();
    const { keys = [] } = (await emulator().snapshot(FIRST_MEMBER))[0]?.users[0] ?? {};
    await emulator().setKey(keys[0]?.id ?? '', { status: 'Inactive' });
    await emulator().advance(HOUR);
    expect((await get(app)).GeneratedTime?.getTime()).to.equal(NOW);
    const [, ann] = await rows(app);
    expect(ann?.['access_key_1_active']).to.equal('true');
  });

  for (const [title, age, got, made] of [
    ['is good for four hours', 4 * HOUR - 1, 'accepted', 'COMPLETE'],
    ['is made anew after four hours', 4 * HOUR, 'CredentialReportExpiredException', 'STARTED'],
  ] as const) {
    it(title, async () => {
      await seedAndMake();
      await emulator().advance(age);
      expect(await refusalOf(get(app))).to.equal(got);
      expect((await make(app)).State).to.equal(made);
    });
  }
});
