import { fail } from 'node:assert/strict';
import { OrganizationsClient, type Account as ListedAccount } from '@aws-sdk/client-organizations';
import { expect } from 'chai';
import { organizationDirectory } from '../../../src/aws/account/organization.ts';
import type { OrganizationSeed, SeededOrganization } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile } from '../../support/world.ts';
import { callsOf, clientThat, failureOf, once, settingsFor } from '../support.ts';

const accounts = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `app-${index}`, users: [] }));

describe('the organization', () => {
  const emulator = emulatorForThisFile();
  let seeded: SeededOrganization;

  async function directory(seed: OrganizationSeed) {
    seeded = (await createWorld(emulator(), seed)).organization;
    const settings = once(settingsFor(emulator(), seeded.credentials));
    return organizationDirectory(new OrganizationsClient(settings));
  }
  const seededIds = () => [seeded.managementAccountId, ...seeded.accounts.map(({ id }) => id)];
  const countOf = async (action: string) => (await callsOf(emulator(), `organizations:${action}`)).length;

  it('is listed to its end, however small the pages', async () => {
    const aws = await directory({ accounts: accounts(45) });
    await emulator().setPageSizes({ listAccounts: 10 });
    const found = await aws.list({ withOus: false });
    expect(found.accounts.map(({ id }) => id)).to.have.members(seededIds());
    expect(await countOf('ListAccounts')).to.equal(5);
  });

  it('is listed to its end when an empty page comes first', async () => {
    const aws = await directory({ accounts: accounts(25) });
    const action = 'organizations:ListAccounts';
    await emulator().inject({ action, kind: 'empty-page', times: 1 });
    const found = await aws.list({ withOus: false });
    expect(found.accounts.map(({ id }) => id)).to.have.members(seededIds());
    expect(await countOf('ListAccounts')).to.equal(3);
  });

  it('has accounts with name, e-mail and state', async () => {
    const aws = await directory({
      accounts: [{ name: 'app', email: 'app@example.com', state: 'SUSPENDED', users: [] }],
    });
    const found = await aws.list({ withOus: false });
    const app = { id: '111111111101', name: 'app', email: 'app@example.com', state: 'SUSPENDED', ouPath: [] };
    expect(found.accounts[1]).to.deep.equal(app);
  });

  describe('with organizational units', () => {
    const nested: OrganizationSeed = {
      accounts: [
        { name: 'top', users: [] },
        ...['Workloads', 'Workloads/Prod', 'Workloads/Prod/EU', 'Workloads/Test'].flatMap((ou) =>
          [1, 2, 3].map((number) => ({ name: `${ou}-${number}`, ou, users: [] })),
        ),
        { name: 'play', ou: 'Sandbox', users: [] },
      ],
    };

    for (const [title, sizes] of [
      ["AWS's own pages", {}],
      ['small pages', { listAccountsForParent: 2, listOrganizationalUnitsForParent: 1 }],
    ] as const) {
      it(`knows the way from the root to every account, with ${title}`, async () => {
        const aws = await directory(nested);
        await emulator().setPageSizes(sizes);
        const found = await aws.list({ withOus: true });
        const paths = Object.fromEntries(found.accounts.map(({ id, ouPath }) => [id, ouPath]));
        expect(paths).to.deep.equal({
          [seeded.managementAccountId]: [seeded.rootId],
          ...Object.fromEntries(seeded.accounts.map(({ id, ouPath }) => [id, ouPath])),
        });
        expect(found.ous).to.have.members([seeded.rootId, ...Object.values(seeded.ous)]);
      });
    }

    it('knows what the units are called', async () => {
      const aws = await directory(nested);
      const { accounts } = await aws.list({ withOus: true });
      const names = Object.fromEntries(accounts.map(({ name, ouNames }) => [name, ouNames]));
      expect(names).to.deep.include({
        top: ['Root'],
        'Workloads/Prod/EU-2': ['Root', 'Workloads', 'Prod', 'EU'],
        play: ['Root', 'Sandbox'],
      });
    });

    it('knows the units that have an empty page in front of them', async () => {
      const aws = await directory(nested);
      const action = 'organizations:ListOrganizationalUnitsForParent';
      await emulator().inject({ action, kind: 'empty-page', times: 1 });
      expect((await aws.list({ withOus: true })).ous).to.have.length(6);
    });

    it('costs two calls a unit, and none an account', async () => {
      const aws = await directory(nested);
      await aws.list({ withOus: true });
      const actions = (await emulator().calls()).map(({ action }) => action.split(':')[1]);
      const times = (count: number, action: string) => Array.from({ length: count }, () => action);
      expect(actions).to.have.members([
        'ListAccounts',
        'ListRoots',
        ...times(6, 'ListAccountsForParent'),
        ...times(6, 'ListOrganizationalUnitsForParent'),
      ]);
    });

    it('costs nothing when nobody asked for the units', async () => {
      const aws = await directory(nested);
      const found = await aws.list({ withOus: false });
      expect(found.ous).to.deep.equal([]);
      expect(await emulator().calls()).to.have.length(1);
    });
  });

  it('may be listed by a delegated administrator', async () => {
    const aws = await directory({ accounts: accounts(3), service: { account: 'app-1' } });
    expect((await aws.list({ withOus: true })).accounts.map(({ id }) => id)).to.have.members(seededIds());
  });

  it("can't be listed by any other account, which is told what to do", async () => {
    const service = { account: 'app-1', delegatedAdministrator: false };
    const aws = await directory({ accounts: accounts(3), service });
    const failure = await failureOf(aws.list({ withOus: false }));
    expect(failure).to.include({ kind: 'denied', during: 'organizations:ListAccounts' });
    expect(failure.nextStep).to.match(
      /management account.+delegated administrator.+ROTATION_ORGANIZATIONS_ROLE_ARN/,
    );
  });

  for (const [code, kind, nextStep] of [
    ['AWSOrganizationsNotInUseException', 'not-found', /not in an organization/],
    ['TooManyRequestsException', 'throttled', /next run tries again/],
  ] as const) {
    it(`can't be listed after ${code}`, async () => {
      const aws = await directory({ accounts: [] });
      await emulator().inject({ action: 'organizations:*', kind: 'error', code });
      const failure = await failureOf(aws.list({ withOus: false }));
      expect(failure.kind).to.equal(kind);
      expect(failure.nextStep).to.match(nextStep);
    });
  }
});

describe('an account of the organization', () => {
  const ID = '111111111101';
  const read = async (...listed: readonly object[]) => {
    const client = clientThat(() => ({ Accounts: listed as ListedAccount[] }));
    return (await organizationDirectory(client).list({ withOus: false })).accounts;
  };

  for (const [title, fields, state] of [
    ['its State', { State: 'CLOSED' }, 'CLOSED'],
    [
      'its State where Status says something else',
      { State: 'PENDING_CLOSURE', Status: 'ACTIVE' },
      'PENDING_CLOSURE',
    ],
    ['its Status where there is no State', { Status: 'SUSPENDED' }, 'SUSPENDED'],
    ['UNKNOWN where there is neither', {}, 'UNKNOWN'],
    ['UNKNOWN where the State is a new one', { State: 'HIBERNATING' }, 'UNKNOWN'],
    [
      'UNKNOWN where a new State stands beside a known Status',
      { State: 'HIBERNATING', Status: 'ACTIVE' },
      'UNKNOWN',
    ],
  ] as const) {
    it(`is in ${title}`, async () => {
      expect((await read({ Id: ID, Name: 'app', ...fields }))[0]?.state).to.equal(state);
    });
  }

  it('goes by its id when it has no name', async () => {
    expect(await read({ Id: ID, State: 'ACTIVE' })).to.deep.equal([
      { id: ID, name: ID, state: 'ACTIVE', ouPath: [] },
    ]);
  });

  for (const Id of [undefined, '', '1111', 'arn:aws:organizations::1']) {
    it(`is refused when its id is ${Id}, which would end up in an ARN`, async () => {
      const failure = await failureOf(read({ Id, Name: 'app', State: 'ACTIVE' }));
      expect(failure).to.include({ kind: 'unknown', during: 'organizations:ListAccounts' });
    });
  }
});

describe('the pages of the organization', () => {
  const [ONE, TWO] = ['111111111101', '111111111102'].map((Id) => ({ Id, Name: Id, State: 'ACTIVE' }));
  type Pages = Readonly<
    Record<string, { readonly Accounts?: readonly unknown[]; readonly NextToken?: string }>
  >;
  const listed = async (pages: Pages) => {
    const client = clientThat((_, input) => pages[(input as { NextToken?: string }).NextToken ?? 'first']);
    return (await organizationDirectory(client).list({ withOus: false })).accounts.map(({ id }) => id);
  };

  for (const [title, pages] of [
    [
      'empty in the middle',
      {
        first: { Accounts: [ONE], NextToken: 'a' },
        a: { Accounts: [], NextToken: 'b' },
        b: { Accounts: [TWO] },
      },
    ],
    ['empty, twice', { first: { NextToken: 'a' }, a: { NextToken: 'b' }, b: { Accounts: [ONE, TWO] } }],
    ['empty at the end', { first: { Accounts: [ONE, TWO], NextToken: 'a' }, a: {} }],
    ['followed by an empty token', { first: { Accounts: [ONE, TWO], NextToken: '' } }],
  ] as const) {
    it(`are read to the end when one is ${title}`, async () => {
      expect(await listed(pages)).to.deep.equal([ONE?.Id, TWO?.Id]);
    });
  }

  it('are refused when they lead in a circle', async () => {
    let calls = 0;
    const page = { Accounts: [ONE], NextToken: 'a' };
    const client = clientThat(() => (calls++ < 5 ? page : fail('asked for ever')));
    const failure = await failureOf(organizationDirectory(client).list({ withOus: false }));
    expect(failure).to.include({ kind: 'unknown', message: 'the answer lacks the token of a next page' });
  });
});
