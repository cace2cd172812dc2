import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { OrganizationSeed, SeedAccount, SeededOrganization } from '../support/emulator/emulator.ts';
import { adminOf, assume, clientsFor, MANAGEMENT, NOW, refusalOf } from './clients.ts';

const like = (name: string, rest: Partial<SeedAccount> = {}): SeedAccount => ({ name, users: [], ...rest });

const ACCOUNTS: OrganizationSeed['accounts'] = [
  like('plain'),
  like('without', { memberRole: false }),
  like('renamed', { memberRole: { name: 'rotator', path: '/security/' } }),
  like('careful', { memberRole: { externalId: 'our-secret-word' } }),
  like('closing', { state: 'PENDING_CLOSURE' }),
  like('suspended', { state: 'SUSPENDED' }),
  like('closed', { state: 'CLOSED' }),
  like('unfinished', { state: 'PENDING_ACTIVATION' }),
];

const DEFAULT_ROLE = 'role/access-key-rotation';

type Line = readonly [string, { account: string; role?: string; ExternalId?: string }, string];
const LINES: readonly Line[] = [
  ['lets the service in', { account: 'plain' }, 'accepted'],
  ['ignores an external id nobody asked for', { account: 'plain', ExternalId: 'x' }, 'accepted'],
  ['has no role where there is none', { account: 'without' }, 'AccessDenied'],
  ['has no role by another name', { account: 'renamed' }, 'AccessDenied'],
  ['wants the path of the role too', { account: 'renamed', role: 'role/rotator' }, 'AccessDenied'],
  ['finds a role by name and path', { account: 'renamed', role: 'role/security/rotator' }, 'accepted'],
  ['wants the external id', { account: 'careful' }, 'AccessDenied'],
  ['wants the right external id', { account: 'careful', ExternalId: 'wrong' }, 'AccessDenied'],
  ['takes the right external id', { account: 'careful', ExternalId: 'our-secret-word' }, 'accepted'],
  ['lets into an account that is being closed', { account: 'closing' }, 'accepted'],
  ['keeps out of a suspended account', { account: 'suspended' }, 'AccessDenied'],
  ['keeps out of a closed account', { account: 'closed' }, 'AccessDenied'],
  ['keeps out of an account nobody finished making', { account: 'unfinished' }, 'AccessDenied'],
];

const idOf = (seeded: SeededOrganization, name: string) =>
  seeded.accounts.find((account) => account.name === name)?.id ?? 'no such account';

describe('emulator: AssumeRole', () => {
  const emulator = emulatorForThisFile();
  let seeded: SeededOrganization;

  beforeEach(async () => {
    seeded = await emulator().seed({ accounts: ACCOUNTS });
  });

  const assumeIn = (
    account: string,
    rest: { role?: string; ExternalId?: string; DurationSeconds?: number },
  ) => {
    const { role = DEFAULT_ROLE, ...input } = rest;
    const RoleArn = `arn:aws:iam::${idOf(seeded, account)}:${role}`;
    return new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ...input });
  };

  for (const [title, { account, ...rest }, expected] of LINES) {
    it(title, async () => {
      const { sts } = clientsFor(emulator(), seeded.credentials);
      expect(await refusalOf(sts.send(assumeIn(account, rest)))).to.equal(expected);
    });
  }

  for (const [title, accountName] of [
    ["another role of the service's account", 'management'],
    ['a role of another member', 'careful'],
  ] as const) {
    it(`keeps out ${title}`, async () => {
      const accountId = accountName === 'management' ? MANAGEMENT : idOf(seeded, accountName);
      const { sts } = await adminOf(emulator(), accountId);
      expect(await refusalOf(sts.send(assumeIn('plain', {})))).to.equal('AccessDenied');
    });
  }

  for (const [title, DurationSeconds, expected] of [
    ['refuses sessions under fifteen minutes', 899, 'ValidationError'],
    ['gives sessions of fifteen minutes', 900, 'accepted'],
    ['gives a role sessions of one hour', 3600, 'accepted'],
    ['refuses a role sessions of more than one hour', 3601, 'ValidationError'],
  ] as const) {
    it(title, async () => {
      const { sts } = clientsFor(emulator(), seeded.credentials);
      expect(await refusalOf(sts.send(assumeIn('plain', { DurationSeconds })))).to.equal(expected);
    });
  }

  it('opens a session in the account of the role, which says who it is and when it ends', async () => {
    await emulator().freezeClock(NOW);
    const service = clientsFor(emulator(), seeded.credentials);
    const { Credentials } = await service.sts.send(assumeIn('plain', {}));
    expect(Credentials?.Expiration?.getTime()).to.equal(NOW + 3_600_000);
    const id = idOf(seeded, 'plain');
    const session = await assume(emulator(), service, `arn:aws:iam::${id}:${DEFAULT_ROLE}`);
    const { Account, Arn } = await session.sts.send(new GetCallerIdentityCommand({}));
    expect(Account).to.equal(id);
    expect(Arn).to.equal(`arn:aws:sts::${id}:assumed-role/access-key-rotation/test`);
  });
});
