import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { InputError } from '../../src/domain/errors.ts';
import { rotateOrganization } from '../../src/handler.ts';
import { setAwsEnvironment } from '../aws/support.ts';

/*
 * Variables that can't be meant as they are. Each is given to the function itself, which names the variable,
 * what would be right and what is there. No region is set, so no client can be made: AWS isn't called.
 */

const ID = '111122223333';
const TOPIC = `arn:aws:sns:eu-central-1:${ID}:access-keys`;
const MANY = 20_000;
const CHANGING = { ROTATION_MODE: 'enforce', ROTATION_TABLE_NAME: 'ledger', ROTATION_TOPIC_ARN: TOPIC };

const MODE = /must be one of audit, replace-only, no-delete, enforce/;
const ACCOUNTS = /must be a list of account ids of twelve digits, separated by commas/;
const UNITS = /must be a list of organizational unit ids like ou-/;
const DAYS = /must be a number of days/;
const KEYS = /must be a number of keys, or a percentage like 25%, at most 100%/;
const COUNT = /must be a whole number, \d or more/;
const ROLE = /must be the ARN of a role, like arn:aws:iam::/;
const KEY = /must be the id, alias or ARN of a KMS key/;
const READERS = /must be a list of ARNs of IAM roles and users, separated by commas/;

/** Values that are wrong by themselves: the variable, what is right, and what is there. */
const BAD: readonly (readonly [name: string, right: RegExp, wrong: readonly string[]])[] = [
  ['MODE', MODE, ['Audit', 'enforced', 'none', 'off', 'enforce;', 'audit,enforce', 'x'.repeat(MANY)]],
  ['ROLE_NAME', /must be the name of a role, without its path/, ['a b', 'team/role', 'x'.repeat(65), 'rôle']],
  ['ROLE_PATH', /must begin and end with a slash, like \/security\//, ['security', '/security', '//a b/']],
  ['EXTERNAL_ID', /must be 2 to 1224 letters, digits or characters of/, ['x', 'a b', 'é'.repeat(9)]],
  [
    'TABLE_NAME',
    /must be the name of a DynamoDB table/,
    ['ab', 'a b', 'arn:aws:dynamodb:x', 'x'.repeat(256)],
  ],
  [
    'TOPIC_ARN',
    /must be the ARN of a standard SNS topic, like arn:aws:sns:eu-central-1:111122223333:name/,
    [
      'access-keys',
      `${TOPIC}.fifo`,
      `${TOPIC}:sub`,
      `arn:aws:sns:eu-central-1:123:x`,
      TOPIC.replace('sns', 'sqs'),
    ],
  ],
  ['ORGANIZATIONS_ROLE_ARN', ROLE, ['lister', `arn:aws:iam::${ID}:user/x`, 'arn:aws:iam::123:role/x']],
  ['INCLUDE_ACCOUNTS', ACCOUNTS, ['123', 'all', ',', `${ID};${ID}`, 'app', `${ID},1`]],
  ['EXCLUDE_ACCOUNTS', ACCOUNTS, [',', `${ID}, 11112222333a`, '*']],
  ['INCLUDE_OUS', UNITS, ['Workloads', 'ou-1', 'o-ab12cd34ef', ',']],
  ['EXCLUDE_OUS', UNITS, ['r', 'ou-ab12-34CD56EF']],
  ['ACCOUNT_CONCURRENCY', /must be a whole number from 1 to 100/, ['0', '101', '-1', '2.5', 'many', '1e2']],
  ['USER_CONCURRENCY', /must be a whole number from 1 to 20/, ['0', '21', '9'.repeat(400)]],
  ['MAX_DEACTIVATIONS', KEYS, ['101%', '150%', '25 %', '-1', '2.5', '%', 'all', '9'.repeat(400)]],
  ['MAX_DELETIONS', KEYS, ['1000%', '100.5%']],
  ['MAX_DEADLINE_DEACTIVATIONS', COUNT, ['25%', '-1', 'none']],
  ['MAX_REPLACEMENTS', COUNT, ['0', '1.5']],
  ['NOTICES_BY', /must be one of topic, events/, ['email', 'Topic']],
  [
    'SECRET_KMS_KEY_ID',
    KEY,
    [
      'a b',
      'key!',
      'arn:aws:kms',
      `arn:aws:kms:eu-central-1:${ID}:alias/aws/secretsmanager`,
      'alias/aws/s3',
      TOPIC,
    ],
  ],
  ['SECRET_READERS', READERS, ['*', `arn:aws:iam::${ID}:root`, `arn:aws:iam::${ID}:role/*`, ',']],
  ['SECRET_ACCESS', /must be one of open, restricted/, ['closed']],
  ['REMOVE_ORPHANED_SECRETS', /must be true or false/, ['yes', '1', 'TRUE']],
  ['ROTATE_AFTER_DAYS', DAYS, ['sixty', '60d', '1e3', '0x10', '60,5', 'Infinity', 'NaN']],
  ['DEACTIVATE_AFTER_DAYS', DAYS, ['-', '8 0']],
  ['DELETE_AFTER_DAYS', DAYS, ['off']],
  ['ADOPTION_GRACE_DAYS', DAYS, ['ten']],
  ['DEADLINE_GRACE_DAYS', DAYS, ['30d']],
  ['RECOVERY_GRACE_DAYS', DAYS, ['P10D']],
  ['UNUSED_AFTER_DAYS', /must be a number of days, or off/, ['never', 'Off']],
  ['IN_USE_WINDOW_DAYS', DAYS, ['7,']],
  ['NOTICE_BEFORE_DAYS', DAYS, ['weekly']],
  ['WHEN_STILL_IN_USE', /must be one of deactivate, wait/, ['delete']],
  ['WHEN_NOT_ADOPTED', /must be one of wait, deactivate/, ['never']],
  ['WHEN_TWO_KEYS_IN_USE', /must be one of escalate, deactivate-least-recently-used/, ['deactivate']],
  // Names that nothing reads.
  ['MOD', /no such setting; there are ROTATION_MODE, /, ['audit']],
  ['', /no such setting/, ['x']],
  ['EXCLUDE_USERS', /no such setting/, ['alice']],
  ['mode', /no such setting/, ['audit']],
];

/** Values that don't go together. */
const TOGETHER: readonly (readonly [
  title: string,
  settings: Record<string, string>,
  names: readonly string[],
])[] = [
  ['no table', { TABLE_NAME: '' }, ['TABLE_NAME']],
  ['a table that is a blank', { TABLE_NAME: '  ' }, ['TABLE_NAME']],
  ['no topic', { TOPIC_ARN: '' }, ['TOPIC_ARN']],
  ['neither', { TABLE_NAME: '', TOPIC_ARN: '' }, ['TABLE_NAME', 'TOPIC_ARN']],
  ['replacing at 0 days', { ROTATE_AFTER_DAYS: '0' }, ['ROTATE_AFTER_DAYS']],
  ['replacing after a negative time', { ROTATE_AFTER_DAYS: '-60' }, ['ROTATE_AFTER_DAYS']],
  ['switching off before replacing', { DEACTIVATE_AFTER_DAYS: '59' }, ['DEACTIVATE_AFTER_DAYS']],
  ['switching off when replacing', { DEACTIVATE_AFTER_DAYS: '60' }, ['DEACTIVATE_AFTER_DAYS']],
  ['deleting before switching off', { DELETE_AFTER_DAYS: '79' }, ['DELETE_AFTER_DAYS']],
  ['a negative grace', { RECOVERY_GRACE_DAYS: '-1' }, ['RECOVERY_GRACE_DAYS']],
  [
    'one mistake beside another',
    { MODE: 'x', USER_CONCURRENCY: '0', MOD: 'y', RECOVERY_GRACE_DAYS: '-1' },
    ['MODE', 'USER_CONCURRENCY', 'MOD', 'RECOVERY_GRACE_DAYS'],
  ],
];

/** What the function says of these variables, and what ends up in the log. */
async function problemsWith(settings: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const own = Object.entries(settings).map(([name, value]) => [`ROTATION_${name}`, value]);
  const restore = setAwsEnvironment({
    POWERTOOLS_DEV: 'true', // through the console
    ...CHANGING,
    ...(Object.fromEntries(own) as typeof settings),
  });
  try {
    const context = { getRemainingTimeInMillis: () => 900_000 } as Context;
    const error: unknown = await rotateOrganization({}, context).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(InputError);
    expect((error as InputError).message.length).to.be.below(25_000);
    return (error as InputError).problems;
  } finally {
    restore();
  }
}

describe('bad input: a variable is refused', () => {
  beforeEach(() => {
    for (const method of ['log', 'info', 'warn', 'error'] as const) sinon.stub(console, method);
  });
  afterEach(() => {
    sinon.restore();
  });

  for (const [name, right, wrong] of BAD) {
    for (const value of wrong) {
      it(`ROTATION_${name}=${value.slice(0, 60)}`, async () => {
        const problems = await problemsWith({ [name]: value });
        expect(problems).to.have.length(1);
        expect(problems[0])
          .to.match(new RegExp(`^ROTATION_${name}: `))
          .and.to.match(right);
        const isNamed = !right.source.includes('no such setting') && name !== 'EXTERNAL_ID';
        if (isNamed) expect(problems[0]).to.include(JSON.stringify(value).slice(0, 200));
      });
    }
  }

  for (const [title, settings, names] of TOGETHER) {
    it(`with ${title}`, async () => {
      const problems = await problemsWith(settings);
      expect(problems.map((problem) => problem.split(':')[0])).to.have.members(
        names.map((name) => `ROTATION_${name}`),
      );
    });
  }

  it('however many there are, in a message that has an end', async () => {
    const names = Array.from({ length: 300 }, (_, index) => [`NAME_${index}`, 'x']);
    const problems = await problemsWith(Object.fromEntries(names) as Record<string, string>);
    expect(problems.at(-1)).to.match(/^and \d+ more problems$/);
  });
});
