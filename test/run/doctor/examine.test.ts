import { expect } from 'chai';
import { InputError } from '../../../src/domain/errors.ts';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { examine } from '../../../src/run/doctor/examine.ts';
import { account, snapshotOf, T0 } from '../../support/builders.ts';
import {
  FUNCTION,
  about,
  ACCOUNTS,
  notOk,
  examination,
  OTHER,
  OWN,
  refuse,
  service,
} from '../../support/memory/examination.ts';
import { NO_SELECTION } from '../../support/memory/organization.ts';

describe('an examination', () => {
  it('finds nothing wrong where all is well', async () => {
    const { checks, accounts, checkedAt } = await examine(examination());
    expect(await notOk()).to.deep.equal([]);
    expect(new Set(checks.map(({ area }) => area))).to.have.keys(
      ...[
        'operator',
        'settings',
        'organization',
        'function',
        'schedule',
        'table',
        'topic',
        'reports',
        'key',
        'account',
      ],
    );
    expect(accounts.map(({ id }) => id)).to.deep.equal([OWN, OTHER]);
    expect(checkedAt).to.equal(T0);
  });

  it('finds what is wrong with the settings, and whom it keeps waiting', async () => {
    const badRows = [
      { message: 'rotateAfter: must be a number', target: { level: 'account', accountId: OTHER } as const },
    ];
    const settings = { read: async () => ({ ...snapshotOf(), badRows }) };
    expect(await notOk({ settings })).to.deep.equal(['settings rows wrong']);
    const [check] = await about({ settings }, { area: 'settings', status: 'wrong' });
    expect(check?.message).to.include('must be a number').and.include(`account ${OTHER} waits`);
    expect(check?.nextStep).to.include('settings list');
  });

  it('finds accounts whose settings contradict each other', async () => {
    const rows = [
      { target: { level: 'account', accountId: OTHER }, values: { deleteAfter: 10 }, final: [] } as const,
    ];
    const settings = { read: async () => ({ ...snapshotOf(), rows }) };
    expect(await notOk({ settings })).to.deep.equal([`${OTHER} account settings wrong`]);
  });

  it('goes on where the settings can not be read', async () => {
    expect(await notOk({ settings: { read: refuse('denied', 'dynamodb:Query') } })).to.deep.equal([
      'settings rows not-checked',
    ]);
  });

  for (const [title, changes, expected] of [
    ['no function', { functionNamed: refuse('not-found', 'l') }, ['function deployed wrong']],
    [
      'a state machine one may not see',
      { stateMachine: refuse('denied', 'states:DescribeStateMachine') },
      ['function scale not-checked'],
    ],
    [
      'a schedule that starts the function beside a state machine',
      { stateMachine: async (arn: string) => ({ arn, status: 'ACTIVE' }) },
      ['schedule target wrong'],
      'a function one may not let work',
      { mayInvoke: refuse('denied', 'lambda:InvokeFunction') },
      ['operator commands not-checked'],
    ],
    ['no schedule', { scheduleNamed: refuse('not-found', 's') }, ['schedule enabled wrong']],
    ['no table', { table: refuse('not-found', 'd') }, ['table status wrong']],
    [
      'reports one may not see',
      { reports: refuse('denied', 's3:ListBucket') },
      ['reports bucket not-checked'],
    ],
    ['no bucket of reports', { reports: refuse('not-found', 's3:ListBucket') }, ['reports bucket wrong']],
    ['no reports yet', { reports: async () => [] }, ['reports last report not-checked']],
    [
      'no report of a whole run for nine days',
      {
        reports: async () => [
          { runId: 'new', finishedAt: T0, isWhole: false },
          { runId: 'old', finishedAt: T0 - 9 * DAY, isWhole: true },
        ],
      },
      ['reports last report wrong'],
    ],
    [
      'no page of the last whole run, which has just ended',
      { hasPage: async () => false },
      ['reports last page not-checked'],
    ],
    [
      'no page of the last whole run, hours later',
      {
        reports: async () => [{ runId: 'old', finishedAt: T0 - 2 * HOUR, isWhole: true }],
        hasPage: async () => false,
      },
      ['reports last page wrong'],
    ],
    [
      'pages one may not see',
      { hasPage: refuse('denied', 's3:ListBucket') },
      ['reports last page not-checked'],
    ],
    [
      'a function that keeps no reports',
      { functionNamed: async () => ({ arn: FUNCTION, runtime: 'nodejs24.x' }) },
      ['reports bucket wrong'],
    ],
    ['no topic', { topic: refuse('not-found', 't') }, ['topic status wrong']],
    ['a topic in the clear', { topic: async () => ({}) }, ['key of the topic wrong']],
    ['a table one may not see', { table: refuse('denied', 'd') }, ['table status not-checked']],
    [
      'keys that are gone',
      { encryptionKey: refuse('not-found', 'k') },
      ['key of the table wrong', 'key of the topic wrong'],
    ],
    [
      'subscriptions that throttle',
      { subscriptions: refuse('throttled', 's') },
      ['topic subscriptions not-checked'],
    ],
  ] as const) {
    it(`says just that there is, or are, ${title}`, async () => {
      const found = await notOk({ service: service(changes) });
      // Without the function there is nothing to compare the schedule with.
      expect(found.filter((line) => line !== 'schedule target not-checked')).to.deep.equal(expected);
    });
  }

  it('names settings that are missing, with the command that finds them', async () => {
    const { tableName: _table, topicArn: _topic, ...rest } = examination();
    const { checks } = await examine(rest);
    const missing = checks.filter(({ status }) => status === 'wrong');
    expect(missing.map(({ name }) => name)).to.deep.equal(['ROTATION_TABLE_NAME', 'ROTATION_TOPIC_ARN']);
    expect(missing[0]?.nextStep).to.match(/^export ROTATION_TABLE_NAME=\$\(aws .+'TableName'/);
  });

  it('does not pass for right what it can not see: a key of the secrets', async () => {
    expect(await notOk({ secretKmsKeyId: 'alias/secrets' })).to.deep.equal([
      'key of the secrets not-checked',
    ]);
  });
});

describe('the examination of the organization', () => {
  const denied = { directory: { list: refuse('denied', 'organizations:ListAccounts') } };
  it('says how to become a delegated administrator, and goes on with the own account', async () => {
    expect(await notOk(denied)).to.deep.equal(['organization accounts wrong']);
    const [check] = await about(denied, { area: 'organization' });
    expect(check?.nextStep).to.match(
      /organizations-role\.yml.+register-delegated-administrator --account-id 111122223333/,
    );
    expect(await about(denied, { accountId: OWN })).not.to.be.empty;
  });
  it('goes on with the accounts that were asked for', async () => {
    const selection = { ...NO_SELECTION, onlyAccounts: [OTHER] };
    const { accounts } = await examine(examination({ ...denied, selection }));
    expect(accounts.map(({ id }) => id)).to.deep.equal([OTHER]);
  });
  it('refuses to be asked for accounts that are not there', async () => {
    const selection = { ...NO_SELECTION, onlyAccounts: ['999999999999'] };
    const error = await examine(examination({ selection })).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(InputError);
  });
  it('finds settings that name what is not there, or leave nothing', async () => {
    const missing = { ...NO_SELECTION, excludeAccounts: ['999999999999'] };
    expect(await notOk({ selection: missing })).to.deep.equal(['settings accounts and units wrong']);
    const nothing = { ...NO_SELECTION, excludeAccounts: [OWN, OTHER] };
    expect(await notOk({ selection: nothing })).to.deep.equal(['settings accounts and units wrong']);
  });
  it('finds nothing wrong with settings that name an account which has left', async () => {
    const selection = { ...NO_SELECTION, excludeAccounts: ['999999999999'] };
    const formerMembers = { wasMember: async () => true, remember: async () => undefined };
    expect(await notOk({ selection, formerMembers })).to.deep.equal([]);
    const [check] = await about({ selection, formerMembers }, { name: 'accounts and units' });
    expect(check?.message).to.include('999999999999 has left the organization');
  });
  it('does not take for one that has left what the table can not tell', async () => {
    const selection = { ...NO_SELECTION, excludeAccounts: ['999999999999'] };
    const formerMembers = { wasMember: refuse('denied', 'd'), remember: async () => undefined };
    expect(await notOk({ selection, formerMembers })).to.deep.equal(['settings accounts and units wrong']);
  });
  it('leaves out what is excluded, and does not enter what is suspended', async () => {
    const selection = { ...NO_SELECTION, excludeAccounts: [OWN] };
    const suspended = [ACCOUNTS[0]!, account({ id: OTHER, state: 'SUSPENDED' })];
    expect(await notOk({ selection }, suspended)).to.deep.equal([`${OTHER} account state not-checked`]);
  });
});
