import { CreateAccessKeyCommand, ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import { CreateSecretCommand, ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { OrganizationSeed } from '../support/emulator/emulator.ts';
import {
  assume,
  clientsFor,
  FIRST_MEMBER,
  MEMBER_ROLE,
  problemOf,
  refusalOf,
  type Clients,
} from './clients.ts';

const users = ['ann', 'bob'].map((userName) => ({ userName, keys: [] }));
const withPolicy = (policy?: object): OrganizationSeed => ({
  accounts: [{ name: 'app', users, memberRole: policy === undefined ? {} : { policy } }],
});
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string | string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const deny = (Action: string | string[], Resource: string | string[] = '*') => ({
  ...allow(Action, Resource),
  Effect: 'Deny',
});
const user = (name: string) => `arn:aws:iam::${FIRST_MEMBER}:user/${name}`;

const keysOfAnn = ({ iam }: Clients) => iam.send(new ListAccessKeysCommand({ UserName: 'ann' }));
const newKeyForAnn = ({ iam }: Clients) => iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
const newSecret = ({ secrets }: Clients) =>
  secrets.send(new CreateSecretCommand({ Name: 'rotation/ann', SecretString: 'x' }));
const secret = (name: string) => `arn:aws:secretsmanager:*:${FIRST_MEMBER}:secret:${name}`;

type Doing = (clients: Clients) => Promise<unknown>;
const POLICIES: readonly (readonly [string, object | undefined, Doing, 'accepted' | 'refused'])[] = [
  ['nothing is forbidden without a policy', undefined, newKeyForAnn, 'accepted'],
  ['what it allows', document(allow('iam:ListAccessKeys')), keysOfAnn, 'accepted'],
  ['nothing it is silent about', document(allow('iam:ListAccessKeys')), newKeyForAnn, 'refused'],
  ['patterns of actions', document(allow('iam:List*')), keysOfAnn, 'accepted'],
  ['no other users', document(allow('iam:*', user('bob'))), newKeyForAnn, 'refused'],
  ['patterns of users', document(allow('iam:*', user('a*'))), newKeyForAnn, 'accepted'],
  ['nothing it denies', document(allow('*'), deny('iam:*', user('ann'))), newKeyForAnn, 'refused'],
  [
    'secrets that have the right name',
    document(allow('secretsmanager:*', secret('rotation/*'))),
    newSecret,
    'accepted',
  ],
  [
    'no secrets that have another name',
    document(allow('secretsmanager:*', secret('other/*'))),
    newSecret,
    'refused',
  ],
];

describe('emulator: permissions', () => {
  const emulator = emulatorForThisFile();

  async function session(seed: OrganizationSeed, policy?: object): Promise<Clients> {
    const { credentials } = await emulator().seed(seed);
    const service = clientsFor(emulator(), credentials);
    const input = policy === undefined ? {} : { Policy: JSON.stringify(policy) };
    return assume(emulator(), service, MEMBER_ROLE, input);
  }

  const verdict = async (call: Promise<unknown>) =>
    (await refusalOf(call)).replace(/^AccessDenied(Exception)?$/, 'refused');

  for (const [title, policy, act, expected] of POLICIES) {
    it(`a role's inline policy allows: ${title}`, async () => {
      expect(await verdict(act(await session(withPolicy(policy))))).to.equal(expected);
    });
    it(`a session policy allows: ${title}`, async () => {
      expect(await verdict(act(await session(withPolicy(), policy)))).to.equal(expected);
    });
  }

  for (const [title, ofRole, ofSession, expected] of [
    ['what both allow', allow('iam:*'), allow('*'), 'accepted'],
    ['not what the session policy alone allows', allow('sts:*'), allow('iam:*'), 'refused'],
    ['not what the role alone allows', allow('iam:*'), allow('sts:*'), 'refused'],
  ] as const) {
    it(`a session may do ${title}`, async () => {
      const clients = await session(withPolicy(document(ofRole)), document(ofSession));
      expect(await verdict(keysOfAnn(clients))).to.equal(expected);
    });
  }

  it("the service's role is held to its policy too, if the seed gives it one", async () => {
    const { credentials, tableName } = await emulator().seed({
      accounts: [],
      service: {
        policy: document(allow('dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/access-key-rotation')),
      },
    });
    const { dynamodb, organizations } = clientsFor(emulator(), credentials);
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } };
    const got = await refusalOf(dynamodb.send(new GetItemCommand({ TableName: tableName, Key })));
    const listed = await refusalOf(organizations.send(new ListAccountsCommand({})));
    expect([got, listed]).to.deep.equal(['accepted', 'AccessDeniedException']);
  });

  const DENIALS: readonly (readonly [string, Doing, string, number])[] = [
    ['IAM', ({ iam }) => iam.send(new ListUsersCommand({})), 'AccessDenied', 403],
    [
      'SNS',
      ({ sns }) => sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu-central-1:1:t', Message: 'x' })),
      'AuthorizationErrorException',
      403,
    ],
    [
      'Secrets Manager',
      ({ secrets }) => secrets.send(new ListSecretsCommand({})),
      'AccessDeniedException',
      400,
    ],
    [
      'Organizations',
      ({ organizations }) => organizations.send(new ListAccountsCommand({})),
      'AccessDeniedException',
      400,
    ],
  ];
  for (const [service, act, name, httpStatus] of DENIALS) {
    it(`${service} refuses in its own protocol, and says who, what and where`, async () => {
      const clients = await session(withPolicy(document(allow('sts:*'))));
      const problem = await problemOf(act(clients));
      expect([problem?.name, problem?.$metadata?.httpStatusCode]).to.deep.equal([name, httpStatus]);
      expect(problem?.message).to.match(/^User: arn:aws:sts::.*\/test is not authorized to perform: \w+:\w+/);
    });
  }

  it('everybody may ask who they are', async () => {
    const { sts } = await session(withPolicy(document(deny('*'))));
    expect(await refusalOf(sts.send(new GetCallerIdentityCommand({})))).to.equal('accepted');
  });
});
