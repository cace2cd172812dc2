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
import type { AccountDirectory } from '../../run/ports/accounts.ts';
import { distinct } from '../client/distinct.ts';
import { ask, badAnswer } from '../client/errors.ts';

/** Organizations throttles sooner than other services, and per organization. */
const UNITS_AT_ONCE = 2;

export const organizationDirectory = (client: OrganizationsClient): AccountDirectory => ({
  list: async ({ withOus }) => {
    const listed = await allPages('organizations:ListAccounts', (NextToken) =>
      client.send(new ListAccountsCommand({ NextToken })),
    );
    const tree = withOus ? await readTree(client) : { paths: new Map<string, readonly string[]>(), ous: [] };
    const accounts = listed
      .flatMap(({ Accounts }) => Accounts ?? [])
      .map((account) => toAccount(account, tree.paths));
    return { accounts: distinct(accounts, ({ id }) => id), ous: tree.ous };
  },
});

const STATES: readonly string[] = ['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'];

/** `Status` is being retired; `State` replaces it. A state nobody knows is not worked on. */
function toAccount(listed: ListedAccount, paths: ReadonlyMap<string, readonly string[]>): Account {
  const { Id, Name, Email, State, Status } = listed;
  if (Id === undefined || !/^\d{12}$/.test(Id)) {
    throw badAnswer('organizations:ListAccounts', `an account id of twelve digits (got ${Id})`);
  }
  const state = State ?? Status ?? 'UNKNOWN';
  return {
    id: Id,
    name: Name ?? Id,
    ...(Email === undefined ? {} : { email: Email }),
    state: STATES.includes(state) ? state : 'UNKNOWN',
    ouPath: paths.get(Id) ?? [],
  };
}

interface Tree {
  /** Account id -> ids of the root and the units above it, outermost first. */
  readonly paths: Map<string, readonly string[]>;
  readonly ous: string[];
}

/** Two calls a unit, none an account: the listing is throttled when it is asked account by account. */
async function readTree(client: OrganizationsClient): Promise<Tree> {
  const tree: Tree = { paths: new Map(), ous: [] };
  const limit = pLimit(UNITS_AT_ONCE);

  const visit = async (parent: string, above: readonly string[]): Promise<void> => {
    const path = [...above, parent];
    tree.ous.push(parent);
    const [accounts, units] = await Promise.all([
      limit(() => accountsUnder(client, parent)),
      limit(() => unitsUnder(client, parent)),
    ]);
    for (const account of accounts) tree.paths.set(account, path);
    await Promise.all(units.map((unit) => visit(unit, path)));
  };

  const roots = await allPages('organizations:ListRoots', (NextToken) =>
    client.send(new ListRootsCommand({ NextToken })),
  );
  await Promise.all(ids(roots.flatMap(({ Roots }) => Roots ?? [])).map((root) => visit(root, [])));
  return tree;
}

const accountsUnder = async (client: OrganizationsClient, ParentId: string): Promise<readonly string[]> => {
  const pages = await allPages('organizations:ListAccountsForParent', (NextToken) =>
    client.send(new ListAccountsForParentCommand({ ParentId, NextToken })),
  );
  return ids(pages.flatMap(({ Accounts }) => Accounts ?? []));
};

const unitsUnder = async (client: OrganizationsClient, ParentId: string): Promise<readonly string[]> => {
  const pages = await allPages('organizations:ListOrganizationalUnitsForParent', (NextToken) =>
    client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken })),
  );
  return ids(pages.flatMap(({ OrganizationalUnits }) => OrganizationalUnits ?? []));
};

const ids = (things: readonly { readonly Id?: string | undefined }[]): readonly string[] =>
  distinct(
    things.map(({ Id }) => Id).filter((id) => id !== undefined),
    (id) => id,
  );

/** Pages to the end: one may be short, or empty, and still not be the last. */
async function allPages<Page extends { readonly NextToken?: string | undefined }>(
  during: string,
  get: (nextToken: string | undefined) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let token: string | undefined;
  do {
    const page = await ask(during, () => get(token), {
      denied:
        'Run in the management account or a delegated administrator account, or set ROTATION_ORGANIZATIONS_ROLE_ARN to a role there.',
      'not-found': 'This account is not in an organization.',
    });
    pages.push(page);
    if (page.NextToken && page.NextToken === token) throw badAnswer(during, 'the token of a next page');
    token = page.NextToken;
  } while (token);
  return pages;
}
