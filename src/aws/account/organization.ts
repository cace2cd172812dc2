import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  type Account as ListedAccount,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import pLimit from 'p-limit';
import type { Account } from '../../domain/account.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import type { OrganizationIds } from '../../domain/health/member-role.ts';
import type { AccountDirectory } from '../../run/ports/accounts.ts';
import { distinct } from '../client/distinct.ts';
import { badAnswer, required } from '../client/errors.ts';
import { readList, type List } from '../client/pages.ts';

/** Organizations throttles sooner than other services, and per organization. */
const UNITS_AT_ONCE = 2;

export const organizationDirectory = (client: OrganizationsClient): AccountDirectory => ({
  list: async ({ withOus }) => {
    const listed = await readAll({
      action: 'organizations:ListAccounts',
      fetch: (NextToken) => client.send(new ListAccountsCommand({ NextToken })),
      things: ({ Accounts }) => Accounts,
    });
    const tree = withOus ? await readTree(client) : { paths: new Map<string, readonly Unit[]>(), ous: [] };
    const accounts = listed.map((account) => toAccount(account, tree.paths));
    return {
      accounts: distinct(accounts, ({ id }) => id),
      ous: tree.ous,
      ...definedOnly({ ids: organizationIn(listed) }),
    };
  },
});

/** The ARN of every account names the organization and its management account. */
const ACCOUNT_ARN = /^arn:[\w-]+:organizations::(\d{12}):account\/(o-[a-z0-9]{10,32})\//;

function organizationIn(listed: readonly ListedAccount[]): OrganizationIds | undefined {
  const [, managementAccountId, id] = ACCOUNT_ARN.exec(listed[0]?.Arn ?? '') ?? [];
  return managementAccountId === undefined || id === undefined ? undefined : { id, managementAccountId };
}

const STATES: readonly string[] = ['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'];

/** `Status` is being retired; `State` replaces it. A state nobody knows is not worked on. */
function toAccount(listed: ListedAccount, paths: ReadonlyMap<string, readonly Unit[]>): Account {
  const { Id, Name, Email, State, Status } = listed;
  if (Id === undefined || !/^\d{12}$/.test(Id)) {
    throw badAnswer('organizations:ListAccounts', `an account id of twelve digits (got ${Id})`);
  }
  const state = State ?? Status ?? 'UNKNOWN';
  const path = paths.get(Id);
  return {
    id: Id,
    name: Name ?? Id,
    ...definedOnly({ email: Email }),
    state: STATES.includes(state) ? state : 'UNKNOWN',
    ouPath: path?.map(({ id }) => id) ?? [],
    ...definedOnly({ ouNames: path?.map(({ name }) => name) }),
  };
}

/** A root or an organizational unit. */
interface Unit {
  readonly id: string;
  /** Its id where it has none. */
  readonly name: string;
}

interface Tree {
  /** Account id -> the root and the units above it, outermost first. */
  readonly paths: Map<string, readonly Unit[]>;
  readonly ous: string[];
}

/** Two calls a unit, none an account: the listing is throttled when it is asked account by account. */
async function readTree(client: OrganizationsClient): Promise<Tree> {
  const tree: Tree = { paths: new Map(), ous: [] };
  const limit = pLimit(UNITS_AT_ONCE);

  const visit = async (parent: Unit, above: readonly Unit[]): Promise<void> => {
    const path = [...above, parent];
    tree.ous.push(parent.id);
    const [accounts, units] = await Promise.all([
      limit(() => accountsUnder(client, parent.id)),
      limit(() => unitsUnder(client, parent.id)),
    ]);
    for (const account of accounts) tree.paths.set(account, path);
    await Promise.all(units.map((unit) => visit(unit, path)));
  };

  const roots = await readAll({
    action: 'organizations:ListRoots',
    fetch: (NextToken) => client.send(new ListRootsCommand({ NextToken })),
    things: ({ Roots }) => Roots,
  });
  await Promise.all(unitsIn('organizations:ListRoots', roots).map((root) => visit(root, [])));
  return tree;
}

const accountsUnder = async (client: OrganizationsClient, ParentId: string): Promise<readonly string[]> =>
  idsIn(
    'organizations:ListAccountsForParent',
    await readAll({
      action: 'organizations:ListAccountsForParent',
      fetch: (NextToken) => client.send(new ListAccountsForParentCommand({ ParentId, NextToken })),
      things: ({ Accounts }) => Accounts,
    }),
  );

const unitsUnder = async (client: OrganizationsClient, ParentId: string): Promise<readonly Unit[]> =>
  unitsIn(
    'organizations:ListOrganizationalUnitsForParent',
    await readAll({
      action: 'organizations:ListOrganizationalUnitsForParent',
      fetch: (NextToken) => client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken })),
      things: ({ OrganizationalUnits }) => OrganizationalUnits,
    }),
  );

const unitsIn = (
  action: string,
  things: readonly { readonly Id?: string | undefined; readonly Name?: string | undefined }[],
): readonly Unit[] =>
  distinct(
    things.map(({ Id, Name }) => {
      const id = required(action, Id, 'an id');
      return { id, name: Name ?? id };
    }),
    ({ id }) => id,
  );

const idsIn = (action: string, things: readonly { readonly Id?: string | undefined }[]): readonly string[] =>
  distinct(
    things.map(({ Id }) => required(action, Id, 'an id')),
    (id) => id,
  );

const readAll = <Answer extends { readonly NextToken?: string | undefined }, Thing>(
  list: Pick<List<Answer, Thing>, 'action' | 'fetch' | 'things'>,
): Promise<readonly Thing[]> =>
  readList({
    ...list,
    next: ({ NextToken }) => NextToken,
    special: {
      denied:
        'Run in the management account or a delegated administrator account, or set ROTATION_ORGANIZATIONS_ROLE_ARN to a role there.',
      'not-found': 'This account is not in an organization.',
    },
    emptyPagesMayLackList: true,
  });
