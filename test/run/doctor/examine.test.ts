import { expect } from 'chai';
import type { Account } from '../../../src/domain/account.ts';
import type { Check } from '../../../src/domain/health/check.ts';
import { InputError } from '../../../src/domain/errors.ts';
import { examine } from '../../../src/run/doctor/examine.ts';
import type { Examination } from '../../../src/run/doctor/examination.ts';
import type { AccountExaminer } from '../../../src/run/ports/doctor.ts';
import { account, snapshotOf, T0 } from '../../support/builders.ts';
import {
  ACCOUNTS,
  doors,
  examination,
  inside,
  OTHER,
  OWN,
  refuse,
  service,
} from '../../support/memory/examination.ts';
import { NO_SELECTION } from '../../support/memory/organization.ts';

/** `account area name status` of what isn't ok. */
const notOk = async (changes: Partial<Examination> = {}, accounts?: readonly Account[]) =>
  (await examine(examination(changes, accounts))).checks
    .filter(({ status }) => status !== 'ok')
    .map(({ accountId, area, name, status }) => [accountId, area, name, status].filter(Boolean).join(' '));

const about = async (changes: Partial<Examination>, matches: Partial<Check>) =>
  (await examine(examination(changes))).checks.filter((check) =>
    Object.entries(matches).every(([name, value]) => check[name as keyof Check] === value),
  );

describe('an examination', () => {
  it('finds nothing wrong where all is well', async () => {
    const { checks, accounts, checkedAt } = await examine(examination());
    expect(await notOk()).to.deep.equal([]);
    expect(new Set(checks.map(({ area }) => area))).to.have.keys(
      ...['settings', 'organization', 'function', 'schedule', 'table', 'topic', 'key', 'account'],
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
    ['no function', { functionNamed: refuse('not-found', 'l') }, ['function runtime wrong']],
    ['no schedule', { scheduleNamed: refuse('not-found', 's') }, ['schedule enabled wrong']],
    ['no table', { table: refuse('not-found', 'd') }, ['table status wrong']],
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

describe('the examination of topics that the settings name', () => {
  const [ONE, FAR] = [`arn:aws:sns:eu-central-1:${OWN}:one`, 'arn:aws:sns:eu-west-1:999999999999:far'];
  const row = (accountId: string, topicArn: string) =>
    ({ target: { level: 'account', accountId }, values: { topicArn }, final: [] }) as const;
  const bookWith = (...rows: readonly ReturnType<typeof row>[]) => ({
    read: async () => ({ ...snapshotOf(), rows }),
  });
  const read = [{ protocol: 'email', endpoint: 'ops@example.com', confirmed: true }];

  it('finds the one nobody reads, and says whose digests go there', async () => {
    const subscriptions = async (arn: string) => (arn === ONE ? [] : read);
    const changes = {
      settings: bookWith(row(OWN, ONE), row(OTHER, ONE)),
      service: service({ subscriptions }),
    };
    expect(await notOk(changes)).to.deep.equal([`topic subscriptions of ${ONE} wrong`]);
    const [check] = await about(changes, { area: 'topic', status: 'wrong' });
    expect(check?.message).to.include(`account ${OWN}, account ${OTHER}`);
  });

  it('asks about each once, and about that of the deployment as such', async () => {
    const asked: string[] = [];
    const topic = async (arn: string) => {
      asked.push(arn);
      return { keyId: 'key-1' };
    };
    const { topicArn = '' } = examination();
    const settings = bookWith(row(OWN, ONE), row(OTHER, ONE), row('777788889999', topicArn));
    const found = await about({ settings, service: service({ topic }) }, { area: 'topic', status: 'ok' });
    expect(asked).to.deep.equal([topicArn, ONE]);
    expect(found.map(({ name }) => name)).to.include.members(['status', `status of ${ONE}`]);
  });

  for (const [keyId, asked] of [
    ['abc', 'arn:aws:kms:eu-west-1:999999999999:key/abc'],
    ['alias/x', 'arn:aws:kms:eu-west-1:999999999999:alias/x'],
    ['arn:aws:kms:eu-west-1:1:key/z', 'arn:aws:kms:eu-west-1:1:key/z'],
  ] as const) {
    it(`looks for the key ${keyId} of a topic elsewhere there, not here`, async () => {
      const keys: string[] = [];
      const encryptionKey = async (arn: string) => {
        keys.push(arn);
        return { arn, state: 'Enabled', customerManaged: true };
      };
      const topic = async (arn: string) => ({ keyId: arn === FAR ? keyId : 'key-1' });
      const settings = bookWith(row(OTHER, FAR));
      expect(await notOk({ settings, service: service({ topic, encryptionKey }) })).to.deep.equal([]);
      expect(keys).to.have.members(['key-1', 'key-1', asked]);
    });
  }

  it('finds the one that is not there', async () => {
    const topic = (arn: string) =>
      arn === ONE ? refuse('not-found', 't')() : Promise.resolve({ keyId: 'key-1' });
    const changes = { settings: bookWith(row(OTHER, ONE)), service: service({ topic }) };
    expect(await notOk(changes)).to.deep.equal([`topic status of ${ONE} wrong`]);
    const [check] = await about(changes, { area: 'topic', status: 'wrong' });
    expect(check?.message).to.include(`topicArn of account ${OTHER}`);
    expect(check?.nextStep).to.include('settings list');
  });
});

describe('the examination of the organization', () => {
  const denied = { directory: { list: refuse('denied', 'organizations:ListAccounts') } };
  it('says how to become a delegated administrator, and goes on with the own account', async () => {
    expect(await notOk(denied)).to.deep.equal(['organization accounts wrong']);
    const [check] = await about(denied, { area: 'organization' });
    expect(check?.nextStep).to.match(
      /register-delegated-administrator --account-id 111122223333.+organizations-role/,
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
  it('leaves out what is excluded, and does not enter what is suspended', async () => {
    const selection = { ...NO_SELECTION, excludeAccounts: [OWN] };
    const suspended = [ACCOUNTS[0]!, account({ id: OTHER, state: 'SUSPENDED' })];
    expect(await notOk({ selection }, suspended)).to.deep.equal([`${OTHER} account state not-checked`]);
  });
});

describe('the examination of an account', () => {
  /** The own account is as it should be. */
  const otherIs = (examiner: AccountExaminer) =>
    doors({ enter: async (id) => (id === OTHER ? examiner : inside()) });

  it('does not stop at an account that refuses, nor at a defect', async () => {
    const third = account({ id: '777788889999' });
    const enter = async (id: string) => {
      if (id === OTHER) return await refuse('denied', 'sts:AssumeRole')();
      if (id === OWN) return inside();
      return {
        ...inside(),
        describeSecret: () => {
          throw new TypeError('defect');
        },
      };
    };
    const found = await notOk({ doors: doors({ enter }) }, [...ACCOUNTS, third]);
    expect(found).to.deep.equal([
      `${OTHER} account enter wrong`,
      '777788889999 account secretsmanager:DescribeSecret wrong',
    ]);
  });

  it('tries with and without the external id', async () => {
    const expected = [OWN, OTHER].map((id) => `${id} account external id wrong`);
    const lenient = { enterWithoutExternalId: async () => undefined };
    expect(await notOk({ doors: doors(lenient) })).to.deep.equal(expected);
    const only = { ...lenient, enter: refuse('denied', 'sts:AssumeRole') };
    expect(await notOk({ doors: doors(only) })).to.deep.equal(expected);
  });

  it('never tries without an external id when none is set', async () => {
    const enterWithoutExternalId = async () => {
      throw new Error('tried');
    };
    const role = { roleName: 'r', rolePath: '/', hasExternalId: false };
    expect(await notOk({ role, doors: doors({ enterWithoutExternalId }) })).to.deep.equal([]);
  });

  it('reports what was denied', async () => {
    const refused = inside({ firstUser: refuse('denied', 'iam:ListUsers') });
    expect(await notOk({ doors: otherIs(refused) })).to.deep.equal([`${OTHER} account iam:ListUsers wrong`]);
  });

  it('simulates what can not be tried: writing, and reading where there is no user', async () => {
    const asked: (readonly [string, readonly string[], string])[] = [];
    const empty = inside({
      firstUser: async () => undefined,
      simulate: async (principal, actions, resource) => {
        asked.push([principal, actions, resource]);
        return actions.map((action) => ({
          action,
          verdict: action === 'iam:DeleteAccessKey' ? ('denied' as const) : ('allowed' as const),
        }));
      },
    });
    expect(await notOk({ doors: otherIs(empty) })).to.deep.equal([
      `${OTHER} account iam:DeleteAccessKey wrong`,
    ]);
    expect(asked.map(([principal]) => principal)).to.deep.equal(
      Array(2).fill(`arn:aws:iam::${OTHER}:role/access-key-rotation`),
    );
    expect(asked[0]?.[1]).to.include.members([
      'iam:ListAccessKeys',
      'iam:GetAccessKeyLastUsed',
      'iam:CreateAccessKey',
    ]);
    expect(asked[0]?.[2]).to.equal(`arn:aws:iam::${OTHER}:user/access-key-rotation-doctor`);
    expect(asked[1]?.[2]).to.match(/:secret:access-key-rotation\//);
  });

  for (const [title, simulate] of [
    ['not allowed', refuse('denied', 'iam:SimulatePrincipalPolicy')],
    ['broken', refuse('unknown', 'iam:SimulatePrincipalPolicy')],
    ['silent', async () => []],
  ] as const) {
    it(`says "not checked", once, where simulation is ${title}`, async () => {
      const found = await notOk({ doors: otherIs(inside({ simulate })) });
      expect(found).to.deep.equal([`${OTHER} account permissions not-checked`]);
    });
  }

  it('enters the own account like any other', async () => {
    const entered: string[] = [];
    const principals: string[] = [];
    const own = inside({
      firstUser: refuse('denied', 'iam:ListUsers'),
      simulate: async (principal, actions) => {
        principals.push(principal);
        return actions.map((action) => ({ action, verdict: 'allowed' as const }));
      },
    });
    const enter = async (id: string) => {
      entered.push(id);
      return id === OWN ? own : inside();
    };
    expect(await notOk({ doors: doors({ enter }) })).to.deep.equal([`${OWN} account iam:ListUsers wrong`]);
    expect(entered).to.have.members([OWN, OTHER]);
    expect(new Set(principals)).to.have.keys(`arn:aws:iam::${OWN}:role/access-key-rotation`);
  });

  it('says that the role of the own account comes with the stack of the service', async () => {
    const enter = (id: string) =>
      id === OWN ? refuse('denied', 'sts:AssumeRole')() : Promise.resolve(inside());
    const changes = { doors: doors({ enter }) };
    expect(await notOk(changes)).to.deep.equal([`${OWN} account enter wrong`]);
    const [check] = await about(changes, { name: 'enter', status: 'wrong' });
    expect(check?.nextStep).to.match(/stack makes the member role .+: npx serverless deploy/);
  });
});
