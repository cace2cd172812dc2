import {
  DeleteAlternateContactCommand,
  GetAlternateContactCommand,
  PutAlternateContactCommand,
} from '@aws-sdk/client-account';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { OrganizationSeed } from '../support/emulator/emulator.ts';
import {
  adminOf,
  clientsFor,
  FIRST_MEMBER,
  MANAGEMENT,
  problemOf,
  refusalOf,
  type Clients,
} from './clients.ts';

const APP = FIRST_MEMBER;
const TOOLS = '111111111102';
const SHOP = '111111111103';
const NOBODY = '999999999999';
const DENIED = 'AccessDeniedException';
const MISSING = 'ResourceNotFoundException';

const SEED: OrganizationSeed = {
  accounts: [
    { name: 'app', users: [], securityContact: 'security@app.example.com' },
    { name: 'tools', users: [], securityContact: 'security@tools.example.com' },
    { name: 'shop', users: [] },
  ],
  management: { securityContact: 'security@example.com' },
  service: { account: 'tools' },
};

const WHO_ASKS: readonly (readonly [string, string, string | undefined, string])[] = [
  ['the management account, of a member', MANAGEMENT, APP, 'security@app.example.com'],
  ['the management account, of itself', MANAGEMENT, undefined, 'security@example.com'],
  ['the management account, of itself by name', MANAGEMENT, MANAGEMENT, DENIED],
  ['the management account, of a member who has none', MANAGEMENT, SHOP, MISSING],
  ['the management account, of a stranger', MANAGEMENT, NOBODY, DENIED],
  ['a delegated administrator, of a member', TOOLS, APP, 'security@app.example.com'],
  ['a delegated administrator, of itself', TOOLS, undefined, 'security@tools.example.com'],
  ['a delegated administrator, of a member who has none', TOOLS, SHOP, MISSING],
  ['a delegated administrator, of the management account', TOOLS, MANAGEMENT, DENIED],
  ['a plain member, of another', APP, TOOLS, DENIED],
  ['a plain member, of itself', APP, undefined, 'security@app.example.com'],
  ['a plain member, of itself by name', APP, APP, DENIED],
  ['a plain member who has none, of itself', SHOP, undefined, MISSING],
];

const security = (AccountId?: string) =>
  new GetAlternateContactCommand({
    AlternateContactType: 'SECURITY',
    ...(AccountId === undefined ? {} : { AccountId }),
  });
const contactOf = async ({ account }: Clients, accountId?: string) =>
  (await account.send(security(accountId))).AlternateContact?.EmailAddress;

describe('emulator: alternate contacts for security', () => {
  const emulator = emulatorForThisFile();

  for (const [title, caller, named, expected] of WHO_ASKS) {
    it(`are told to ${title}: ${expected}`, async () => {
      await emulator().seed(SEED);
      const asking = contactOf(await adminOf(emulator(), caller), named);
      expect(await asking.catch((problem: unknown) => (problem as Error).name)).to.equal(expected);
    });
  }

  for (const [accountId, httpStatus] of [
    [SHOP, 404],
    [NOBODY, 403],
  ] as const) {
    it(`are refused with the status of AWS: ${httpStatus}`, async () => {
      await emulator().seed(SEED);
      const { account } = await adminOf(emulator(), MANAGEMENT);
      const problem = await problemOf(account.send(security(accountId)));
      expect(problem?.$metadata?.httpStatusCode).to.equal(httpStatus);
    });
  }

  it("aren't those for billing", async () => {
    await emulator().seed(SEED);
    const { account } = await adminOf(emulator(), MANAGEMENT);
    const asking = account.send(
      new GetAlternateContactCommand({ AlternateContactType: 'BILLING', AccountId: APP }),
    );
    expect(await refusalOf(asking)).to.equal(MISSING);
  });

  it('are set and taken away', async () => {
    await emulator().seed(SEED);
    const admin = await adminOf(emulator(), MANAGEMENT);
    const AlternateContactType = 'SECURITY';
    await admin.account.send(
      new PutAlternateContactCommand({
        AccountId: SHOP,
        AlternateContactType,
        EmailAddress: 'security@shop.example.com',
        Name: 'Ann',
        Title: 'Head of security',
        PhoneNumber: '+49 30 1',
      }),
    );
    expect(await contactOf(admin, SHOP)).to.equal('security@shop.example.com');
    await admin.account.send(new DeleteAlternateContactCommand({ AccountId: APP, AlternateContactType }));
    expect(await refusalOf(contactOf(admin, APP))).to.equal(MISSING);
  });

  it('are asked for in calls that are recorded, and spoilt, by their names', async () => {
    await emulator().seed(SEED);
    await emulator().inject({
      action: 'account:GetAlternateContact',
      match: { AccountId: TOOLS },
      kind: 'error',
      code: 'TooManyRequestsException',
      httpStatus: 429,
    });
    const admin = await adminOf(emulator(), MANAGEMENT);
    await contactOf(admin, APP);
    expect(await refusalOf(contactOf(admin, TOOLS))).to.equal('TooManyRequestsException');
    const calls = await emulator().calls();
    expect(
      calls.map(({ action, accountId, params, status }) => [action, accountId, params, status]),
    ).to.deep.equal([
      ['account:GetAlternateContact', MANAGEMENT, { AlternateContactType: 'SECURITY', AccountId: APP }, 200],
      [
        'account:GetAlternateContact',
        MANAGEMENT,
        { AlternateContactType: 'SECURITY', AccountId: TOOLS },
        429,
      ],
    ]);
  });

  for (const [title, only, expected] of [
    ['the member it may ask about', APP, ['accepted', DENIED]],
    ['the other member', SHOP, [DENIED, MISSING]],
  ] as const) {
    it(`are told to a role by its policy: of ${title}`, async () => {
      const Resource = `arn:aws:account::${MANAGEMENT}:account/o-*/${only}`;
      const policy = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'account:GetAlternateContact', Resource }],
      };
      const service = { ...SEED.service, policy };
      const { credentials } = await emulator().seed({ ...SEED, service });
      const clients = clientsFor(emulator(), credentials);
      const answers = [await refusalOf(contactOf(clients, APP)), await refusalOf(contactOf(clients, SHOP))];
      expect(answers).to.deep.equal(expected);
    });
  }
});
