import { expect } from 'chai';
import { centralSecretNameOf } from '../../src/domain/secrets/secret-name.ts';
import { REGION } from '../support/world.ts';
import {
  centralKeyPolicy,
  FIRST_MEMBER,
  MANAGEMENT,
  OF_THE_ORGANIZATION,
  ownMemberRights,
  SERVICE_ROLE,
  type Rights,
} from './deployed.ts';
import { EVERYTHING, isAllowed } from './simulate.ts';

const OURS = 'o-ab12cd34ef';
const OTHER_MEMBER = '111111111102';
const resource = `arn:aws:kms:${REGION}:${MANAGEMENT}:key/1234`;

/** Who reads: a user of a member may do everything there, as far as its own account is concerned. */
interface Reading {
  readonly by?: string;
  readonly action?: string;
  readonly organization?: string;
  /** The service that the key is asked through; null: it is asked itself. */
  readonly through?: string | null;
  readonly secret?: string;
  readonly inAccount?: string;
  readonly rights?: Rights;
}

const ofAnn = centralSecretNameOf(FIRST_MEMBER, 'ann');
const ann = `arn:aws:iam::${FIRST_MEMBER}:user/ann`;
const secretsManager = `secretsmanager.${REGION}.amazonaws.com`;

function may({
  by = ann,
  action = 'kms:Decrypt',
  organization = OURS,
  through = secretsManager,
  secret = ofAnn,
  inAccount = MANAGEMENT,
  rights = EVERYTHING,
}: Reading): Promise<boolean> {
  const [, , service, , account = '', name = ''] = by.split(':');
  const role = `arn:aws:iam::${account}:role/${name.split('/').at(1) ?? ''}`;
  const context = {
    'aws:PrincipalArn': service === 'sts' ? role : by,
    'aws:PrincipalAccount': account,
    'aws:PrincipalOrgID': organization,
    ...OF_THE_ORGANIZATION,
    'kms:EncryptionContext:SecretARN': `arn:aws:secretsmanager:${REGION}:${inAccount}:secret:${secret}-AbCdEf`,
    ...(through === null ? {} : { 'kms:ViaService': through }),
  };
  const ofResource = centralKeyPolicy({ OrganizationId: OURS });
  return isAllowed({ principal: by, action, resource, context }, { rights, ofResource });
}

type Line = readonly [verdict: 'lets' | "doesn't let", title: string, reading: Reading];

const LINES: readonly Line[] = [
  ['lets', 'a user decrypt a secret for users of its account', {}],
  ["doesn't let", 'it decrypt one of another account', { secret: centralSecretNameOf(OTHER_MEMBER, 'ann') }],
  ["doesn't let", 'it decrypt what begins alike', { secret: ofAnn.replace('central', 'central2') }],
  ["doesn't let", 'it decrypt a secret in another account', { inAccount: FIRST_MEMBER }],
  ["doesn't let", 'it decrypt anything by itself', { through: null }],
  ["doesn't let", 'it decrypt through another service', { through: `s3.${REGION}.amazonaws.com` }],
  ["doesn't let", 'it decrypt from another region', { through: 'secretsmanager.eu-west-1.amazonaws.com' }],
  ["doesn't let", 'it decrypt when its own account allows it nothing', { rights: [] }],
  ["doesn't let", 'a user of another organization decrypt', { organization: 'o-0000000000' }],
  ...['Encrypt', 'GenerateDataKey', 'CreateGrant', 'DescribeKey', 'PutKeyPolicy'].map((name): Line => [
    "doesn't let",
    `a user do anything else: ${name}`,
    { action: `kms:${name}` },
  ]),
  ...['Decrypt', 'GenerateDataKey'].flatMap((name): readonly Line[] => {
    const administrator = { by: `arn:aws:sts::${MANAGEMENT}:assumed-role/administrator/me` };
    return [
      [
        "doesn't let",
        `an administrator of the account of the service use it: ${name}`,
        { ...administrator, action: `kms:${name}` },
      ],
    ];
  }),
];

describe('the policy of the key for central secrets', () => {
  for (const [verdict, title, reading] of LINES) {
    it(`${verdict} ${title}`, async () => expect(await may(reading)).to.equal(verdict === 'lets'));
  }

  for (const action of ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']) {
    it(`lets the member role of its account write, as far as its own policy does: ${action}`, async function () {
      this.timeout(60_000);
      const by = `arn:aws:sts::${MANAGEMENT}:assumed-role/access-key-rotation/run`;
      const writer = { by, action, rights: await ownMemberRights() };
      expect(await may(writer)).to.equal(true);
      expect(await may({ ...writer, rights: [] })).to.equal(false);
      expect(await may({ ...writer, through: null })).to.equal(false);
      // The user's own secrets are not encrypted with this key.
      expect(await may({ ...writer, secret: 'access-key-rotation/ann' })).to.equal(false);
    });

    it(`doesn't let the service or operators write as themselves: ${action}`, async () => {
      for (const role of [SERVICE_ROLE, 'operators']) {
        const by = `arn:aws:sts::${MANAGEMENT}:assumed-role/${role}/run`;
        expect(await may({ by, action, rights: EVERYTHING }), role).to.equal(false);
      }
    });
  }

  it('leaves changing it to the administrators', async () => {
    const by = `arn:aws:sts::${MANAGEMENT}:assumed-role/administrator/me`;
    expect(await may({ by, action: 'kms:PutKeyPolicy', through: null })).to.equal(true);
  });
});
