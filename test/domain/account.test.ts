import { expect } from 'chai';
import {
  selectAccount,
  unknownIds,
  type AccountSelection,
  type AccountState,
} from '../../src/domain/account.ts';
import { account } from '../support/builders.ts';

const ID = '111111111111';
const ANOTHER = '222222222222';
const [ROOT, WORKLOADS, PRODUCTION, SANDBOX] = ['r-1', 'ou-workloads', 'ou-production', 'ou-sandbox'];

/** In the organization: root > workloads > production > this account. */
const nested = account({ id: ID, ouPath: [ROOT, WORKLOADS, PRODUCTION] });

const selection = (overrides: Partial<AccountSelection> = {}): AccountSelection => ({
  includeAccounts: [],
  excludeAccounts: [],
  includeOus: [],
  excludeOus: [],
  onlyAccounts: [],
  ...overrides,
});

type Line = readonly [string, Partial<AccountSelection>, 'selected' | 'excluded' | 'not-asked'];

const LINES: readonly Line[] = [
  ['is covered when nothing is restricted', {}, 'selected'],
  ['is included by its id', { includeAccounts: [ID] }, 'selected'],
  ['is left out when only another account is included', { includeAccounts: [ANOTHER] }, 'excluded'],
  ['is included by its own unit', { includeOus: [PRODUCTION] }, 'selected'],
  ['is included by a unit above its own', { includeOus: [WORKLOADS] }, 'selected'],
  ['is included by the root', { includeOus: [ROOT] }, 'selected'],
  ['is left out when only another unit is included', { includeOus: [SANDBOX] }, 'excluded'],
  ['is included when either list names it', { includeAccounts: [ID], includeOus: [SANDBOX] }, 'selected'],
  ['is included when the unit does', { includeAccounts: [ANOTHER], includeOus: [WORKLOADS] }, 'selected'],
  ['is excluded by its id', { excludeAccounts: [ID] }, 'excluded'],
  ['is excluded with its own unit', { excludeOus: [PRODUCTION] }, 'excluded'],
  ['is excluded with a unit above its own', { excludeOus: [WORKLOADS] }, 'excluded'],
  ['stays when another one is excluded', { excludeAccounts: [ANOTHER], excludeOus: [SANDBOX] }, 'selected'],
  ['is excluded by id although included by id', { includeAccounts: [ID], excludeAccounts: [ID] }, 'excluded'],
  [
    'is excluded with a unit although included by id',
    { includeAccounts: [ID], excludeOus: [WORKLOADS] },
    'excluded',
  ],
  [
    'is excluded with the outer unit although the inner one is included',
    { includeOus: [PRODUCTION], excludeOus: [WORKLOADS] },
    'excluded',
  ],
  ['is covered when asked for', { onlyAccounts: [ANOTHER, ID] }, 'selected'],
  ['is out of the run when another one is asked for', { onlyAccounts: [ANOTHER] }, 'not-asked'],
  ['stays excluded when asked for', { onlyAccounts: [ID], excludeAccounts: [ID] }, 'excluded'],
  ['stays left out when asked for', { onlyAccounts: [ID], includeOus: [SANDBOX] }, 'excluded'],
];

describe('selectAccount: an account', () => {
  for (const [title, overrides, expected] of LINES) {
    it(title, () => {
      const selected = selectAccount(nested, selection(overrides));
      expect(selected.kind).to.equal(expected);
    });
  }

  const closed: Record<Exclude<AccountState, 'ACTIVE'>, string> = {
    PENDING_ACTIVATION: 'the account has not been activated yet',
    SUSPENDED: 'the account is suspended',
    PENDING_CLOSURE: 'the account is being closed',
    CLOSED: 'the account is closed',
    UNKNOWN: 'the account is in a state that this version does not know',
  };
  for (const [state, cause] of Object.entries(closed)) {
    it(`is not entered when it is ${state}, even if asked for`, () => {
      const found = account({ state: state as AccountState });
      const asked = selection({ onlyAccounts: [ID], includeAccounts: [ID] });
      expect(selectAccount(found, asked)).to.deep.equal({ kind: 'inactive', cause });
    });
  }

  it('names the unit it is excluded with', () => {
    expect(selectAccount(nested, selection({ excludeOus: [SANDBOX, WORKLOADS] }))).to.deep.equal({
      kind: 'excluded',
      cause: 'excluded with the organizational unit ou-workloads',
    });
  });

  it('is said to be excluded, not suspended, where both are so', () => {
    const suspended = account({ state: 'SUSPENDED' });
    expect(selectAccount(suspended, selection({ excludeAccounts: [ID] }))).to.include({ kind: 'excluded' });
  });
});

describe('unknownIds', () => {
  it('finds none in a selection that names what the organization has', () => {
    const known = selection({ includeAccounts: [ID], excludeOus: [WORKLOADS], onlyAccounts: [ID] });
    expect(unknownIds(known, [nested], [ROOT, WORKLOADS])).to.deep.equal([]);
  });

  for (const list of [
    'includeAccounts',
    'excludeAccounts',
    'includeOus',
    'excludeOus',
    'onlyAccounts',
  ] as const) {
    it(`finds a misspelt id in ${list}`, () => {
      expect(unknownIds(selection({ [list]: ['mispelt'] }), [nested], [ROOT])).to.deep.equal(['mispelt']);
    });
  }
});
