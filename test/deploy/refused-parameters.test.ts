import { expect } from 'chai';
import { readSettings } from '../../src/config/settings.ts';
import { InputError } from '../../src/domain/errors.ts';
import { create, type Template } from './cloudformation.ts';
import { packagedByDefault, packageService } from './packaged.ts';

/** By the parameter's name in serverless.yml: what is wrong, and what is right. */
const EXAMPLES: Readonly<Record<string, { wrong: readonly string[]; right: readonly string[] }>> = {
  mode: { wrong: ['enfroce', '', 'Audit'], right: ['audit', 'replace-only', 'no-delete', 'enforce'] },
  scale: { wrong: ['', 'Map', 'step-functions'], right: ['lambda', 'map'] },
  schedule: {
    wrong: ['', 'weekly', 'rate(0 days)', 'rate(7)', 'cron(0 6 * * MON)'],
    right: ['rate(7 days)', 'rate(1 day)', 'cron(0 6 ? * MON *)', 'cron(0/30 6-18 ? * MON-FRI *)'],
  },
  timezone: { wrong: ['', 'Europe Berlin'], right: ['UTC', 'Europe/Berlin', 'America/Port-au-Prince'] },
  notificationEmail: {
    wrong: ['nobody', 'a@example.com,b@example.com', 'a@example'],
    right: ['', 'security+keys@example.com'],
  },
  operatorsEmail: { wrong: ['nobody', 'a b@example.com'], right: ['', 'operators@example.com'] },
  oldestKeyDays: { wrong: ['0', 'old'], right: ['115', '400'] },
  roleName: { wrong: ['', '/security/rotator', 'a'.repeat(65)], right: ['rotator', 'Rotator+=,.@-_'] },
  rolePath: { wrong: ['', 'security', '/security'], right: ['/', '/security/', '/a/b/'] },
  externalId: { wrong: ['', 'x', 'with blanks', 'ä-umlaut'], right: ['agreed-upon', 'a1:/=@'] },
  organizationId: { wrong: ['', 'o-1', 'r-ab12', '111122223333', 'O-AB12CD34EF'], right: ['o-ab12cd34ef'] },
  operatorArn: {
    wrong: ['operators', 'arn:aws:iam::1111:role/operators', 'arn:aws:iam::111122223333:policy/operators'],
    right: [
      '',
      'arn:aws-cn:iam::111122223333:user/ann',
      'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Rotation_*',
    ],
  },
  userPath: { wrong: ['', 'machines', '/machines'], right: ['/', '/machines/'] },
  allowUsage: { wrong: ['', 'yes', 'True'], right: ['false', 'true'] },
  organizationsRoleArn: {
    wrong: ['lister', 'arn:aws:iam::1111:role/lister', 'arn:aws:iam::111122223333:user/lister'],
    right: ['', 'arn:aws-cn:iam::111122223333:role/security/lister'],
  },
  includeAccounts: {
    wrong: ['11112222333', 'production', ',', '111122223333;444455556666'],
    right: ['', '111122223333', '111122223333,444455556666', '111122223333, 444455556666'],
  },
  excludeAccounts: { wrong: ['x', ' , '], right: ['', '011122223333'] },
  includeOus: {
    wrong: ['Production', 'ou-1', '111122223333'],
    right: ['', 'r-ab12', 'ou-ab12-34cd56ef,ou-ab12-34cd56ee', 'ou-ab12-34cd56ef ou-ab12-34cd56ee'],
  },
  excludeOus: { wrong: ['x', ','], right: ['', 'ou-ab12-34cd56ef'] },
  rotateAfterDays: { wrong: ['60d', '1e3', '-1', 'off'], right: ['', '31', '31.5'] },
  deactivateAfterDays: { wrong: ['x', '-5'], right: ['', '85'] },
  deleteAfterDays: { wrong: ['never', '-5'], right: ['', '120'] },
  adoptionGraceDays: { wrong: ['10 days', '-1'], right: ['', '0', '14'] },
  deadlineGraceDays: { wrong: ['off', '-1'], right: ['', '0', '30'] },
  recoveryGraceDays: { wrong: ['x', '-1'], right: ['', '0', '14'] },
  unusedAfterDays: { wrong: ['never', '-1'], right: ['', 'off', '45'] },
  inUseWindowDays: { wrong: ['week', '-1'], right: ['', '3'] },
  noticeBeforeDays: { wrong: ['week', '-1'], right: ['', '0', '14'] },
  whenStillInUse: { wrong: ['delete'], right: ['', 'deactivate', 'wait'] },
  whenNotAdopted: { wrong: ['escalate'], right: ['', 'wait', 'deactivate'] },
  whenTwoKeysInUse: { wrong: ['delete'], right: ['', 'escalate', 'deactivate-least-recently-used'] },
  secretKmsKeyId: {
    wrong: ['my key', '*'],
    right: ['', 'alias/secrets', '1234abcd-12ab-34cd-56ef-1234567890ab'],
  },
  noticesBy: { wrong: ['email'], right: ['', 'topic', 'events'] },
  securityHub: { wrong: ['', 'yes', 'True'], right: ['true', 'false'] },
  secretReaders: {
    wrong: [
      'reader',
      ',',
      '*',
      'arn:aws:iam::111122223333:root',
      'arn:aws:iam::111122223333:role/*',
      'arn:aws:iam::111122223333:role/a;arn:aws:iam::111122223333:role/b',
    ],
    right: [
      '',
      'arn:aws:iam::111122223333:role/reader',
      'arn:aws:iam::111122223333:role/x/a,arn:aws-cn:iam::111122223333:user/b, arn:aws:iam::111122223333:user/c,d',
    ],
  },
  secretAccess: { wrong: ['closed'], right: ['', 'open', 'restricted'] },
  removeOrphanedSecrets: { wrong: ['yes', 'True'], right: ['', 'true', 'false'] },
  inventory: { wrong: ['all', 'LIST'], right: ['', 'auto', 'list', 'credential-report'] },
  accountConcurrency: { wrong: ['0', '101', 'all'], right: ['', '1', '10', '100'] },
  userConcurrency: { wrong: ['0', '21'], right: ['', '1', '19', '20'] },
  maxDeactivations: { wrong: ['some', '-1', '2.5'], right: ['', '0', '25%'] },
  maxDeletions: { wrong: ['%', 'all'], right: ['', '7'] },
  maxDeadlineDeactivations: { wrong: ['-1', '2.5', '25%'], right: ['', '0', '400'] },
  maxReplacements: { wrong: ['0', '-1', '2.5', '10%'], right: ['', '1', '40'] },
  historyDays: {
    wrong: ['0', '29', '2558', '2600', '3000', '13 months', '-30'],
    right: ['', '30', '99', '396', '1999', '2499', '2557'],
  },
  reportDays: { wrong: ['', '29', '2558', 'a year'], right: ['30', '396', '2557'] },
  permissionsBoundary: {
    wrong: ['boundary', 'arn:aws:iam::111122223333:role/boundary'],
    right: ['', 'arn:aws:iam::111122223333:policy/boundary', 'arn:aws-cn:iam::aws:policy/x/Boundary'],
  },
  reservedConcurrency: { wrong: ['', '0', 'all'], right: ['none', '1', '10'] },
  xray: { wrong: ['', 'true'], right: ['on', 'off'] },
  vpc: {
    wrong: [
      'vpc-0a1b2c3d',
      'subnet-0a1b2c3d',
      'subnet-0a1b2c3d/',
      'subnet-0a1b2c3d, subnet-1a2b3c4d/sg-0a1b2c3d',
    ],
    right: ['', 'subnet-0a1b2c3d/sg-0a1b2c3d', 'subnet-0a1b2c3d,subnet-1a2b3c4d4d4d4d4d4/sg-0a1b2c3d'],
  },
};

/** The framework checks these itself, by its own lists of what AWS takes. */
const OF_THE_FRAMEWORK = ['logRetention'];

/** Where a name in the stack isn't the one in serverless.yml. */
const IN_THE_STACK: Readonly<Record<string, string>> = { schedule: 'ScheduleExpression' };
const inTheStack = (name: string): string =>
  IN_THE_STACK[name] ?? name.replace(/^./, (letter) => letter.toUpperCase());

const setting = (name: string): string => `ROTATION_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;

describe('a mistyped parameter', () => {
  let template: Template;

  before(async function () {
    ({ template } = await packagedByDefault());
  });

  it('can be any of them', () => {
    const names = Object.keys(EXAMPLES).map(inTheStack);
    expect(names).to.have.members(Object.keys(template.Parameters ?? {}));
    expect(Object.keys(EXAMPLES)).not.to.include.members(OF_THE_FRAMEWORK);
  });

  for (const [name, { wrong, right }] of Object.entries(EXAMPLES)) {
    it(`stops the deployment: ${name}`, () => {
      const parameter = inTheStack(name);
      for (const value of wrong) {
        expect(() => create(template, { [parameter]: value }), value).to.throw(`${parameter}: `);
      }
      for (const value of right) create(template, { [parameter]: value });
    });
  }

  it('is one for the code, too, and the other way round', () => {
    const environment = {
      ROTATION_TABLE_NAME: 'ledger',
      ROTATION_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:topic',
    };
    const read = Object.entries(EXAMPLES).filter(([name]) => isSetting(name));
    expect(read).to.have.length.above(15);
    for (const [name, { wrong, right }] of read) {
      const readWith = (value: string) => () => readSettings({ ...environment, [setting(name)]: value });
      // An empty one is as good as none to the code.
      for (const value of wrong.filter((one) => one !== '')) {
        expect(readWith(value), `${name} ${value}`).to.throw(InputError);
      }
      for (const value of right) {
        expect(readWith(value), `${name} ${value}`).not.to.throw();
      }
    }
  });

  it('is told by its name and what would be right', () =>
    expect(() => create(template, { RolePath: 'security' })).to.throw(
      'rolePath must begin and end with a slash, like /security/',
    ));

  it('reaches the stack as it was typed, so that it is found there', async function () {
    const mistyped = await packageService({ mode: 'enfroce' });
    expect(() => create(mistyped.template)).to.throw('Mode: is not one of what is allowed');
  });

  it('stops even the packaging if the framework knows better', async function () {
    const refusal = await packageService({ logRetention: '31' }).catch((error: unknown) => error);
    expect(refusal).to.be.an('error');
    const { stdout, stderr } = refusal as Error & { stdout: string; stderr: string };
    expect(stdout + stderr).to.include('logRetentionInDays');
  });
});

/** Days, once written, must be in the right order: that is between settings, and not looked at here. */
function isSetting(name: string): boolean {
  const ofTheDeployment =
    /^(scale|securityHub|schedule|timezone|.*Email|oldestKeyDays|reportDays|organizationId|operatorArn|userPath|allowUsage|permissionsBoundary|reservedConcurrency|xray|vpc)$/;
  return !ofTheDeployment.test(name);
}
