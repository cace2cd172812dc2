import { CreateAccessKeyCommand, ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { Fault, SeededOrganization } from '../support/emulator/emulator.ts';
import {
  adminOf,
  clientsFor,
  FIRST_MEMBER,
  MANAGEMENT,
  problemOf,
  refusalOf,
  type Clients,
} from './clients.ts';

const CREATE = 'iam:CreateAccessKey';
const users = ['ann', 'bob'].map((userName) => ({ userName, keys: [] }));

const BROKEN_CALLS: readonly (readonly [string, Omit<Fault, 'action'>, RegExp])[] = [
  ['an internal failure', { kind: 'error' }, /^InternalFailure$/],
  ['an error by its code', { kind: 'error', code: 'Throttling', httpStatus: 429 }, /^Throttling$/],
  ['a broken connection', { kind: 'reset' }, /^(Error|TimeoutError)$/],
  ['half an answer', { kind: 'malformed' }, /^(Error|SyntaxError|TypeError)$/],
];

describe('emulator: faults', () => {
  const emulator = emulatorForThisFile();
  let seeded: SeededOrganization;
  let app: Clients;

  beforeEach(async () => {
    seeded = await emulator().seed({ accounts: [{ name: 'app', users }] });
    app = await adminOf(emulator(), FIRST_MEMBER);
  });

  const createKey = (UserName = 'ann') => refusalOf(app.iam.send(new CreateAccessKeyCommand({ UserName })));
  const listKeys = (UserName = 'ann') => refusalOf(app.iam.send(new ListAccessKeysCommand({ UserName })));
  const createSecret = () =>
    refusalOf(app.secrets.send(new CreateSecretCommand({ Name: 'ann', SecretString: 'x' })));
  const keysOfAnn = async () => (await emulator().snapshot(FIRST_MEMBER))[0]?.users[0]?.keys.length;

  for (const [title, fault, expected] of BROKEN_CALLS) {
    for (const [when, keys] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      it(`${title} comes ${when} the call is performed`, async () => {
        await emulator().inject({ action: CREATE, ...fault, when });
        expect(await createKey()).to.match(expected);
        expect(await keysOfAnn()).to.equal(keys);
      });
    }

    it(`${title} comes from JSON services too`, async () => {
      await emulator().inject({ action: 'secretsmanager:*', ...fault, when: 'after' });
      expect(await createSecret()).to.match(expected);
      expect((await emulator().snapshot(FIRST_MEMBER))[0]?.secrets).to.have.length(1);
    });
  }

  it('an error has the status and the message a test gives it', async () => {
    const code = 'ProvisionedThroughputExceededException';
    await emulator().inject({
      action: 'dynamodb:*',
      kind: 'error',
      code,
      httpStatus: 418,
      message: 'too fast',
    });
    const { dynamodb } = clientsFor(emulator(), seeded.credentials);
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } };
    const problem = await problemOf(dynamodb.send(new GetItemCommand({ TableName: seeded.tableName, Key })));
    const failure = [problem?.name, problem?.message, problem?.$metadata?.httpStatusCode];
    expect(failure).to.deep.equal([code, 'too fast', 418]);
  });

  it('a delay makes a call wait that then goes well', async () => {
    await emulator().inject({ action: CREATE, kind: 'delay', delayMs: 120 });
    const start = performance.now();
    expect(await createKey()).to.equal('accepted');
    expect(performance.now() - start).to.be.at.least(120);
  });

  it("a delay doesn't hold up other calls", async () => {
    await emulator().inject({ action: CREATE, kind: 'delay', delayMs: 300 });
    const order: string[] = [];
    await Promise.all([
      createKey().then(() => order.push('delayed')),
      listKeys().then(() => order.push('other')),
    ]);
    expect(order).to.deep.equal(['other', 'delayed']);
  });

  it('a call that is delayed goes on when the faults are cleared', async () => {
    await emulator().inject({ action: CREATE, kind: 'delay', delayMs: 10_000 });
    const start = performance.now();
    const created = createKey();
    while (!(await emulator().calls()).some(({ action }) => action === CREATE)) await listKeys();
    await emulator().clearFaults();
    expect(await created).to.equal('accepted');
    expect(performance.now() - start).to.be.below(5_000);
  });

  for (const [title, fault, expected] of [
    ['every call by default', {}, [false, false, false, false]],
    ['so many calls', { times: 2 }, [false, false, true, true]],
    ['calls after so many others', { skip: 2 }, [true, true, false, false]],
    ['one call in the middle', { skip: 1, times: 1 }, [true, false, true, true]],
  ] as const) {
    it(`a fault corrupts ${title}`, async () => {
      await emulator().inject({ action: 'iam:ListAccessKeys', kind: 'error', ...fault });
      const answers = [await listKeys(), await listKeys(), await listKeys(), await listKeys()];
      expect(answers.map((answer) => answer === 'accepted')).to.deep.equal(expected);
    });
  }

  for (const [title, fault, ann, bob] of [
    ['every action its pattern speaks of', { action: 'iam:List*' }, false, false],
    ['no other action', { action: 'iam:Create*' }, true, true],
    ['calls with the parameters it names', { match: { UserName: 'bob' } }, true, false],
    ['calls in the account it names', { accountId: FIRST_MEMBER }, false, false],
    ['no calls in other accounts', { accountId: MANAGEMENT }, true, true],
  ] as const) {
    it(`a fault corrupts ${title}`, async () => {
      await emulator().inject({ action: 'iam:ListAccessKeys', kind: 'error', ...fault });
      const answers = [await listKeys('ann'), await listKeys('bob')];
      expect(answers.map((answer) => answer === 'accepted')).to.deep.equal([ann, bob]);
    });
  }

  it('a fault can be aimed at one row of a table', async () => {
    await emulator().inject({ action: 'dynamodb:PutItem', kind: 'error', match: { pk: 'RUN' } });
    const { dynamodb } = clientsFor(emulator(), seeded.credentials);
    const put = (pk: string) => {
      const Item = { pk: { S: pk }, sk: { S: 'x' } };
      return refusalOf(dynamodb.send(new PutItemCommand({ TableName: seeded.tableName, Item })));
    };
    expect([await put('RUN'), await put('KEY')]).to.deep.equal(['InternalFailure', 'accepted']);
  });

  it('the first fault that matches a call applies, until faults are cleared', async () => {
    const fault = { action: 'iam:ListAccessKeys', kind: 'error' } as const;
    await emulator().inject({ ...fault, code: 'First', times: 1 }, { ...fault, code: 'Second' });
    expect([await listKeys(), await listKeys()]).to.deep.equal(['First', 'Second']);
    await emulator().clearFaults();
    expect(await listKeys()).to.equal('accepted');
  });

  it('a call with a fault is recorded as one', async () => {
    await emulator().inject({ action: 'iam:ListUsers', kind: 'error', times: 1 });
    await refusalOf(app.iam.send(new ListUsersCommand({})));
    await app.iam.send(new ListUsersCommand({}));
    const recorded = (await emulator().calls()).map(({ status, faulted }) => [status, faulted]);
    expect(recorded).to.deep.equal([
      [500, true],
      [200, undefined],
    ]);
  });

  it('an unknown kind of fault is refused', async () => {
    const fault = { action: 'iam:*', kind: 'earthquake' } as unknown as Fault;
    expect(await refusalOf(emulator().inject(fault))).to.equal('Error');
  });
});
