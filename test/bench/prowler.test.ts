import { expect } from 'chai';
import { compare, ROOT, type Because, type Compared, type PlacedKey } from '../../bench/prowler/compare.ts';
import { readResults, type Check, type ProwlerResult } from '../../bench/prowler/scan.ts';
import type { StoredAccount, StoredKey } from '../../src/domain/report/stored-run.ts';
import { days } from '../../src/domain/time.ts';
import { T0 } from '../support/builders.ts';
import { storedAccount, storedKey, storedRun } from '../support/stored-runs.ts';

const [AGE, TWO, UNUSED, OF_ROOT] = [
  'iam_rotate_access_key_90_days',
  'iam_user_two_active_access_key',
  'iam_user_accesskey_unused',
  'iam_no_root_access_key',
] as const;
const ACCOUNT = '111111111111';

const failed = (check: Check, slot?: 1 | 2, userName = 'ann'): ProwlerResult => ({
  check,
  accountId: ACCOUNT,
  userName,
  status: 'FAIL',
  detail: '',
  ...(slot === undefined ? {} : { slot }),
});
/** Without a failure of its own: Prowler has looked at the account. */
const looked: ProwlerResult = { ...failed(AGE), userName: 'bob', status: 'PASS' };

const placedOf = (keys: readonly StoredKey[]): readonly PlacedKey[] =>
  keys.map(({ keyId, userName }, index) => ({
    accountId: ACCOUNT,
    userName,
    keyId,
    slot: index === 0 ? 1 : 2,
  }));

const comparedOf = (
  keys: readonly StoredKey[],
  results: readonly ProwlerResult[],
  account: Partial<StoredAccount> = {},
): readonly Compared[] =>
  compare([looked, ...results], storedRun([storedAccount({ keys, ...account })]), placedOf(keys));

const inBrief = (compared: readonly Compared[]) =>
  compared.map(({ check, userName, keyId, foundBy, because }) => [
    check,
    userName,
    keyId,
    foundBy,
    because.kind,
  ]);

describe('What Prowler says of a key', () => {
  const finding = (check: Check, status: string, arn: string, name: string) => ({
    metadata: { event_code: check },
    status_code: status,
    status_detail: 'Says so.',
    resources: [{ uid: arn, name }],
  });
  const arn = (user: string) => `arn:aws:iam::${ACCOUNT}:user/services/${user}`;
  const read = (...found: readonly object[]) =>
    readResults(JSON.stringify(found), ACCOUNT).map(({ userName, slot, status }) => [userName, slot, status]);

  const CASES: readonly (readonly [string, object, readonly unknown[]])[] = [
    ['an old key', finding(AGE, 'FAIL', arn('ann'), 'ann-access-key-2'), ['ann', 2, 'FAIL']],
    ['an unused key', finding(UNUSED, 'FAIL', arn('ann'), 'ann/AccessKey1'), ['ann', 1, 'FAIL']],
    ['a user', finding(TWO, 'FAIL', arn('ann'), 'ann'), ['ann', undefined, 'FAIL']],
    [
      'a user whose name looks like that of a key',
      finding(AGE, 'PASS', arn('x-access-key-1'), 'x-access-key-1'),
      ['x-access-key-1', undefined, 'PASS'],
    ],
    [
      'root',
      finding(OF_ROOT, 'FAIL', `arn:aws:iam::${ACCOUNT}:root`, '<root_account>'),
      [ROOT, undefined, 'FAIL'],
    ],
  ];
  for (const [what, text, expected] of CASES) {
    it(`is read with user and place: ${what}`, () => expect(read(text)).to.deep.equal([expected]));
  }

  it('is refused where it is about another check, or without a resource', () => {
    expect(() => read(finding('iam_other' as Check, 'FAIL', arn('ann'), 'ann'))).to.throw();
    expect(() => read({ ...finding(AGE, 'FAIL', arn('ann'), 'ann'), resources: [] })).to.throw();
  });
});

describe('What Prowler and the service say of the same keys', () => {
  const CASES: readonly {
    readonly title: string;
    readonly keys: readonly StoredKey[];
    readonly results: readonly ProwlerResult[];
    readonly expected: readonly (readonly [
      Check,
      string | undefined,
      Compared['foundBy'],
      Because['kind'],
    ])[];
  }[] = [
    {
      title: 'agrees on an old key that needs a person',
      keys: [storedKey('AKIA1', 120, { action: 'blocked', reason: 'slot-held' })],
      results: [failed(AGE, 1)],
      expected: [[AGE, 'AKIA1', 'both', 'needs a person']],
    },
    {
      title: 'differs between 90 and 91 days, which Prowler passes',
      keys: [storedKey('AKIA1', 90.5)],
      results: [],
      expected: [[AGE, 'AKIA1', 'service', 'counted otherwise']],
    },
    {
      title: 'is not explained from 91 days on, if Prowler passes it',
      keys: [storedKey('AKIA1', 91.5)],
      results: [],
      expected: [[AGE, 'AKIA1', 'service', 'unexplained']],
    },
    {
      title: 'is not explained where Prowler fails a key that is young and has nothing planned',
      keys: [storedKey('AKIA1', 10)],
      results: [failed(AGE, 1)],
      expected: [[AGE, 'AKIA1', 'prowler', 'unexplained']],
    },
    {
      title: 'is one finding for two keys, one of which replaces the other',
      keys: [
        storedKey('AKIA1', 70, { replacedBy: 'AKIA2' }),
        storedKey('AKIA2', 5, { replacementOf: 'AKIA1' }),
      ],
      results: [failed(TWO)],
      expected: [[TWO, undefined, 'both', 'under way']],
    },
    {
      title: 'differs in a key that was never used, which Prowler passes',
      keys: [storedKey('AKIA1', 70, { reason: 'never-used', lastUse: { kind: 'never' } })],
      results: [],
      expected: [[UNUSED, 'AKIA1', 'service', 'counted otherwise']],
    },
    {
      title: 'differs in a replacement that nobody has used: Prowler counts our test call',
      keys: [storedKey('AKIA2', 56, { replacementOf: 'AKIA1', lastUse: { kind: 'never' } })],
      results: [failed(UNUSED, 1)],
      expected: [[UNUSED, 'AKIA2', 'prowler', 'counted otherwise']],
    },
    {
      title: 'names an exemption',
      keys: [
        storedKey('AKIA1', 20),
        storedKey('AKIA2', 99, {
          action: 'exempt',
          reason: 'exempt',
          lastUse: { kind: 'used', at: T0 - days(60) },
        }),
      ],
      results: [failed(AGE, 2), failed(UNUSED, 2)],
      expected: [
        [AGE, 'AKIA2', 'both', 'exempt'],
        [TWO, undefined, 'service', 'unexplained'],
        [UNUSED, 'AKIA2', 'prowler', 'exempt'],
      ],
    },
    {
      title: 'leaves out a key that both find well',
      keys: [storedKey('AKIA1', 20)],
      results: [],
      expected: [],
    },
  ];
  for (const { title, keys, results, expected } of CASES) {
    it(title, () => {
      expect(inBrief(comparedOf(keys, results))).to.deep.equal(
        expected.map(([check, keyId, foundBy, kind]) => [check, 'ann', keyId, foundBy, kind]),
      );
    });
  }

  it('counts the keys of root once here, and twice there', () => {
    const account = { rootKeys: 'present' } as const;
    const results = [failed(AGE, 1, ROOT), failed(OF_ROOT, undefined, ROOT)];
    expect(inBrief(comparedOf([], results, account))).to.deep.equal([
      [AGE, ROOT, undefined, 'both', 'root'],
      [OF_ROOT, ROOT, undefined, 'both', 'root'],
    ]);
  });

  it('says of an account that was not entered just that', () => {
    const placed = placedOf([storedKey('AKIA1', 120)]);
    const run = storedRun([storedAccount({ status: 'unreachable' })]);
    expect(inBrief(compare([failed(AGE, 1)], run, placed))).to.deep.equal([
      [AGE, 'ann', 'AKIA1', 'prowler', 'not entered'],
    ]);
  });

  it('says nothing of an account that Prowler has not looked at', () => {
    const keys = [storedKey('AKIA1', 120)];
    expect(compare([], storedRun([storedAccount({ keys })]), placedOf(keys))).to.deep.equal([]);
  });
});
