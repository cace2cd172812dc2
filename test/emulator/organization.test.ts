import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListChildrenCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
} from '@aws-sdk/client-organizations';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { OrganizationSeed, SeedAccount } from '../support/emulator/emulator.ts';
import { adminOf, assume, clientsFor, MANAGEMENT, pageLengths, refusalOf } from './clients.ts';

const members = (count: number): SeedAccount[] =>
  Array.from({ length: count }, (_, i) => ({ name: `app-${i}`, users: [] }));
const tools: SeedAccount = { name: 'tools', users: [] };

const STATES = [
  ['ACTIVE', 'ACTIVE'],
  ['SUSPENDED', 'SUSPENDED'],
  ['PENDING_CLOSURE', 'PENDING_CLOSURE'],
  ['CLOSED', 'SUSPENDED'],
  ['PENDING_ACTIVATION', 'SUSPENDED'],
] as const;

const ACCOUNT_PAGES = [
  ['twenty a page', {}, undefined, [20, 6]],
  ['as few as were asked for', { MaxResults: 10 }, undefined, [10, 10, 6]],
  ['no more than were asked for, however long pages may be', { MaxResults: 20 }, 25, [20, 6]],
  ['as few as pages are made', {}, 9, [9, 9, 8]],
] as const;

const WHO_LISTS: readonly (readonly [string, OrganizationSeed['service'] & object, string])[] = [
  ['the management account may', {}, 'accepted'],
  ['a delegated administrator may', { account: 'tools' }, 'accepted'],
  ['a plain member may not', { account: 'tools', delegatedAdministrator: false }, 'AccessDeniedException'],
];

describe('emulator: the organization', () => {
  const emulator = emulatorForThisFile();

  for (const [state, status] of STATES) {
    it(`reports that an account is ${state}, and in the older field that it is ${status}`, async () => {
      const { credentials } = await emulator().seed({ accounts: [{ ...tools, state }] });
      const { organizations } = clientsFor(emulator(), credentials);
      const { Accounts = [] } = await organizations.send(new ListAccountsCommand({}));
      expect(Accounts.map((account) => account.Name)).to.deep.equal(['management', 'tools']);
      expect([Accounts[1]?.State, Accounts[1]?.Status]).to.deep.equal([state, status]);
    });
  }

  for (const [title, input, size, expected] of ACCOUNT_PAGES) {
    it(`ListAccounts answers ${title}`, async () => {
      const { credentials } = await emulator().seed({ accounts: members(25) });
      if (size !== undefined) await emulator().setPageSizes({ listAccounts: size });
      const { organizations } = clientsFor(emulator(), credentials);
      const seen = new Set<string | undefined>();
      const lengths = await pageLengths(
        (NextToken) => organizations.send(new ListAccountsCommand({ ...input, NextToken })),
        ({ Accounts = [], NextToken }) => {
          for (const account of Accounts) seen.add(account.Id);
          return { length: Accounts.length, next: NextToken };
        },
      );
      expect(lengths).to.deep.equal(expected);
      expect(seen.size).to.equal(26);
    });
  }

  it('answers an empty page that goes on when a fault wants one', async () => {
    const { credentials } = await emulator().seed({ accounts: members(2) });
    await emulator().inject({ action: 'organizations:ListAccounts', kind: 'empty-page', times: 1 });
    const { organizations } = clientsFor(emulator(), credentials);
    const lengths = await pageLengths(
      (NextToken) => organizations.send(new ListAccountsCommand({ NextToken })),
      ({ Accounts = [], NextToken }) => ({ length: Accounts.length, next: NextToken }),
    );
    expect(lengths).to.deep.equal([0, 3]);
  });

  it('refuses a token it never gave', async () => {
    const { credentials } = await emulator().seed({ accounts: [] });
    const { organizations } = clientsFor(emulator(), credentials);
    const listing = organizations.send(new ListAccountsCommand({ NextToken: 'nonsense' }));
    expect(await refusalOf(listing)).to.equal('InvalidInputException');
  });

  for (const [title, service, expected] of WHO_LISTS) {
    it(`lets itself be listed: ${title}`, async () => {
      const { credentials, rootId } = await emulator().seed({ accounts: [tools], service });
      const { organizations } = clientsFor(emulator(), credentials);
      const answers = await Promise.all([
        refusalOf(organizations.send(new ListAccountsCommand({}))),
        refusalOf(organizations.send(new ListRootsCommand({}))),
        refusalOf(organizations.send(new ListAccountsForParentCommand({ ParentId: rootId }))),
      ]);
      expect(answers).to.deep.equal([expected, expected, expected]);
    });
  }

  it('shows any member who manages it', async () => {
    const { accounts } = await emulator().seed({ accounts: [tools] });
    const { organizations } = await adminOf(emulator(), accounts[0]?.id ?? '');
    const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
    expect(Organization?.MasterAccountId).to.equal(MANAGEMENT);
  });

  it('can be listed by a plain member through a role in the management account', async () => {
    const seeded = await emulator().seed({
      accounts: [tools],
      service: { account: 'tools', delegatedAdministrator: false },
      organizationsRole: true,
    });
    const service = clientsFor(emulator(), seeded.credentials);
    const { organizations } = await assume(emulator(), service, seeded.organizationsRoleArn ?? '');
    expect(await refusalOf(organizations.send(new ListAccountsCommand({})))).to.equal('accepted');
  });

  it('nests its units, which page like everything else', async () => {
    const { credentials, rootId, ous, accounts } = await emulator().seed({
      accounts: [
        { name: 'shop', ou: 'Workloads/Prod', users: [] },
        { name: 'till', ou: 'Workloads/Prod', users: [] },
        { name: 'lab', ou: 'Workloads/Test', users: [] },
      ],
    });
    await emulator().setPageSizes({
      listAccountsForParent: 1,
      listOrganizationalUnitsForParent: 1,
      listChildren: 1,
    });
    const { organizations } = clientsFor(emulator(), credentials);
    const units = await pageLengths(
      (NextToken) =>
        organizations.send(
          new ListOrganizationalUnitsForParentCommand({ ParentId: ous['Workloads'], NextToken }),
        ),
      ({ OrganizationalUnits = [], NextToken }) => ({ length: OrganizationalUnits.length, next: NextToken }),
    );
    const children = await pageLengths(
      (NextToken) =>
        organizations.send(
          new ListChildrenCommand({ ParentId: ous['Workloads/Prod'], ChildType: 'ACCOUNT', NextToken }),
        ),
      ({ Children = [], NextToken }) => ({ length: Children.length, next: NextToken }),
    );
    const inProd = await pageLengths(
      (NextToken) =>
        organizations.send(new ListAccountsForParentCommand({ ParentId: ous['Workloads/Prod'], NextToken })),
      ({ Accounts = [], NextToken }) => ({ length: Accounts.length, next: NextToken }),
    );
    expect({ units, children, inProd }).to.deep.equal({ units: [1, 1], children: [1, 1], inProd: [1, 1] });
    const [shop] = accounts;
    expect(shop?.ouPath).to.deep.equal([rootId, ous['Workloads'], ous['Workloads/Prod']]);
    const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: shop?.id }));
    expect(Parents?.[0]?.Id).to.equal(ous['Workloads/Prod']);
  });
});
