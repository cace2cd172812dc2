import { expect } from 'chai';
import { REGION } from '../support/world.ts';
import {
  findingsRights,
  FIRST_MEMBER,
  MANAGEMENT,
  OF_THE_ORGANIZATION,
  REPORTS,
  type Rights,
} from './deployed.ts';
import { allowedOf, isAllowed } from './simulate.ts';

const own = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${MANAGEMENT}:${rest}`;
const file = (name: string) => `arn:aws:s3:::${REPORTS}/${name}`;
const product = (accountId: string, name = 'default') =>
  `arn:aws:securityhub:${REGION}:${accountId}:product/${accountId}/${name}`;
const IMPORT = 'securityhub:BatchImportFindings';

describe('the role of the function that sends findings', () => {
  const principal = `arn:aws:sts::${MANAGEMENT}:assumed-role/access-key-rotation-findings/run`;
  const from = { 'lambda:SourceFunctionArn': own('lambda', 'function:access-key-rotation-findings') };
  let rights: Rights;
  before(async () => {
    rights = await findingsRights();
  });

  for (const [verdict, title, action, resource, context = {}] of [
    ['may', 'its own findings', IMPORT, product(MANAGEMENT)],
    ['may not', 'those of another account', IMPORT, product(FIRST_MEMBER)],
    ['may not', 'those of another product', IMPORT, product(MANAGEMENT, 'guardduty')],
    [
      'may not',
      'what people have found out',
      'securityhub:BatchUpdateFindings',
      own('securityhub', 'hub/default'),
    ],
    ['may not', 'all findings', 'securityhub:GetFindings', own('securityhub', 'hub/default')],
    ['may', 'a report', 's3:GetObject', file('reports/runs/1.json.gz')],
    ['may not', 'the keys that were not looked at', 's3:GetObject', file('reports/quiet/1/0001.json.gz')],
    ['may not', 'a file of a run by map', 's3:GetObject', file('runs/1/plan.devalue.gz')],
    ['may not', 'a report', 's3:PutObject', file('reports/runs/1.json.gz')],
    [
      'may',
      'which reports there are',
      's3:ListBucket',
      `arn:aws:s3:::${REPORTS}`,
      { 's3:prefix': 'reports/runs/' },
    ],
    ['may not', 'what else there is', 's3:ListBucket', `arn:aws:s3:::${REPORTS}`, { 's3:prefix': 'runs/' }],
    ['may not', 'its key by itself', 'kms:Decrypt', own('kms', 'key/5678')],
    ['may', 'its key through S3', 'kms:Decrypt', own('kms', 'key/5678'), via('s3')],
    ['may not', 'the ledger', 'dynamodb:GetItem', own('dynamodb', 'table/access-key-rotation')],
    ['may not', 'an account', 'sts:AssumeRole', `arn:aws:iam::${FIRST_MEMBER}:role/access-key-rotation`],
    ['may not', 'a secret', 'secretsmanager:GetSecretValue', own('secretsmanager', 'secret:x-AbCdEf')],
  ] as const) {
    it(`${verdict} ${action}: ${title}`, async () => {
      const question = {
        principal,
        action,
        resource,
        context: { ...OF_THE_ORGANIZATION, ...from, ...context },
      };
      expect(await isAllowed(question, { rights })).to.equal(verdict === 'may');
    });
  }

  it('may do nothing in any of its services that is not on its list', async () => {
    const listed = new Set(rights.flatMap(({ Action }) => Action));
    const more: string[] = [];
    for (const service of [
      'iam',
      'sts',
      'secretsmanager',
      'dynamodb',
      's3',
      'sns',
      'events',
      'securityhub',
    ]) {
      const allowed = await allowedOf(service, principal, { rights }, { ...OF_THE_ORGANIZATION, ...from });
      more.push(...allowed.filter((action) => !listed.has(action)));
    }
    expect(more).to.deep.equal(['sts:GetCallerIdentity']); // nobody can be denied it
  });
});

function via(service: string) {
  return { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` };
}
