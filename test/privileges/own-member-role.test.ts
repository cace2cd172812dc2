import { expect } from 'chai';
import { REGION } from '../support/world.ts';
import {
  FIRST_MEMBER,
  MANAGEMENT,
  memberRights,
  OF_THE_ORGANIZATION,
  ownMemberRights,
  type Rights,
} from './deployed.ts';
import { allowedOf, isAllowed } from './simulate.ts';

const principal = `arn:aws:sts::${MANAGEMENT}:assumed-role/access-key-rotation/run`;
const secret = (name: string, account = MANAGEMENT) =>
  `arn:aws:secretsmanager:${REGION}:${account}:secret:${name}`;
const KEY = `arn:aws:kms:${REGION}:${MANAGEMENT}:key/1234`;
const via = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
const forSecret = (name: string, account = MANAGEMENT) => ({
  ...via('secretsmanager'),
  'kms:EncryptionContext:SecretARN': secret(name, account),
});
const inAnotherRegion = (text: string) => text.replaceAll(REGION, 'eu-west-1');
/** A replica is made in the name of whoever writes the secret. */
const forReplica = (name: string) => ({
  'kms:ViaService': inAnotherRegion(via('secretsmanager')['kms:ViaService']),
  'kms:EncryptionContext:SecretARN': inAnotherRegion(secret(name)),
});

const KEYS = ['CreateAccessKey', 'DeleteAccessKey', 'ListAccessKeys', 'ListUserTags', 'UpdateAccessKey'].map(
  (name) => `iam:${name}`,
);

type Line = readonly [
  verdict: 'may' | 'may not',
  title: string,
  action: string,
  resource: string,
  context?: Readonly<Record<string, string>>,
];

const LINES: readonly Line[] = [
  ['may', 'a group of its account', 'iam:GetGroup', `arn:aws:iam::${MANAGEMENT}:group/ci`],
  ['may not', "another account's group", 'iam:GetGroup', `arn:aws:iam::${FIRST_MEMBER}:group/ci`],
  ...KEYS.flatMap((action): readonly Line[] => [
    ['may', 'a user of its account', action, `arn:aws:iam::${MANAGEMENT}:user/ann`],
    ['may not', "another account's user", action, `arn:aws:iam::${FIRST_MEMBER}:user/ann`],
  ]),
  [
    'may not',
    'the member role of another account',
    'sts:AssumeRole',
    `arn:aws:iam::${FIRST_MEMBER}:role/access-key-rotation`,
  ],
  ...(
    [
      ['may', 'access-key-rotation/ann-AbCdEf', 'a secret of the rotation'],
      ['may', `access-key-rotation/central/${FIRST_MEMBER}/ann-AbCdEf`, 'a central secret'],
      ['may not', 'payments/ann-AbCdEf', 'a secret of another prefix'],
    ] as const
  ).flatMap(([verdict, name, title]): readonly Line[] => [
    [verdict, title, 'secretsmanager:PutSecretValue', secret(name)],
    [verdict, title, 'secretsmanager:PutResourcePolicy', secret(name)],
    ['may not', title, 'secretsmanager:GetSecretValue', secret(name)],
    [verdict, title, 'secretsmanager:ReplicateSecretToRegions', secret(name)],
    ...['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'].flatMap((action): readonly Line[] => [
      [verdict, `any key, for ${title}`, action, KEY, forSecret(name)],
      [verdict, `any key, for the replica of ${title}`, action, inAnotherRegion(KEY), forReplica(name)],
    ]),
  ]),
  [
    'may not',
    "any key, for another account's secret",
    'kms:GenerateDataKey',
    KEY,
    forSecret('access-key-rotation/ann-AbCdEf', FIRST_MEMBER),
  ],
  [
    'may not',
    'any key, for a secret, through another service',
    'kms:GenerateDataKey',
    KEY,
    { ...forSecret('access-key-rotation/ann-AbCdEf'), ...via('s3') },
  ],
  [
    'may not',
    'a key of another organization, for a secret',
    'kms:GenerateDataKey',
    KEY,
    { ...forSecret('access-key-rotation/ann-AbCdEf'), 'aws:ResourceOrgID': 'o-0000000000' },
  ],
  ['may not', 'any key, for no secret', 'kms:GenerateDataKey', KEY, via('secretsmanager')],
];

describe('the member role of the account of the service', function () {
  this.timeout(60_000);
  let rights: Rights;
  before(async () => {
    rights = await ownMemberRights();
  });

  for (const [verdict, title, action, resource, context = {}] of LINES) {
    it(`${verdict} ${action}: ${title}`, async () => {
      const question = { principal, action, resource, context: { ...OF_THE_ORGANIZATION, ...context } };
      expect(await isAllowed(question, { rights })).to.equal(verdict === 'may');
    });
  }

  for (const service of ['iam', 'secretsmanager', 'sts', 'organizations', 'dynamodb', 'sns', 'kms']) {
    it(`may do in ${service} what the member role of any account may`, async () => {
      const of = `arn:aws:sts::${FIRST_MEMBER}:assumed-role/access-key-rotation/run`;
      const elsewhere = await allowedOf(service, of, { rights: memberRights() });
      expect(await allowedOf(service, principal, { rights })).to.deep.equal(elsewhere);
    });
  }
});
