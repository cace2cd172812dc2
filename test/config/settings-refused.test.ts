import { expect } from 'chai';
import { readSettings, SETTING_NAMES } from '../../src/config/settings.ts';
import { MODES, type Mode } from '../../src/domain/rotation/limits.ts';
import { problemsOfReading } from '../support/input-problems.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:access-keys';

const READER = 'arn:aws:iam::111122223333:role/reader';

const problemsOf = (environment: Record<string, string>, mode?: Mode): readonly string[] =>
  problemsOfReading(() => readSettings(environment, mode));

const MODE = 'one of audit, replace-only, no-delete, enforce';
const PATH = 'begin and end with a slash';
const LIST = 'a list of account ids of twelve digits, separated by commas';
const UNITS = 'a list of organizational unit ids like ou-ab12-34cd56ef';
const DAYS = 'a number of days';

/** What would be right, and what isn't. */
const BAD: Readonly<Record<string, readonly [right: string, wrong: readonly string[]]>> = {
  ROTATION_MODE: [MODE, ['Audit', 'dry-run', 'enforce,audit']],
  ROTATION_ROLE_NAME: ['the name of a role, without its path', ['security/role', 'a b', 'x'.repeat(65)]],
  ROTATION_ROLE_PATH: [PATH, ['security/', '/security', 'security', '/a b/', '/ä/']],
  ROTATION_TABLE_NAME: ['the name of a DynamoDB table', ['ab', 'a b', 'arn:aws:dynamodb:x:1:table/t']],
  ROTATION_TOPIC_ARN: [
    'the ARN of a standard SNS topic, like arn:aws:sns:eu-central-1:111122223333:name',
    [
      'access-keys',
      `${TOPIC}.fifo`,
      TOPIC.replace('sns', 'sqs'),
      TOPIC.replace('3333', ''),
      `${TOPIC} `.repeat(2),
    ],
  ],
  ROTATION_ORGANIZATIONS_ROLE_ARN: [
    'the ARN of a role, like arn:aws:iam::111122223333:role/name',
    [
      'lister',
      'arn:aws:iam::111122223333:user/lister',
      'arn:aws:iam::1:role/lister',
      'arn:aws:iam::111122223333:role/',
    ],
  ],
  ROTATION_INCLUDE_ACCOUNTS: [LIST, ['1111', '111122223333;000000000001', '1111-2222-3333', 'production']],
  ROTATION_EXCLUDE_ACCOUNTS: [LIST, ['111122223333,1111', '0111122223333']],
  ROTATION_INCLUDE_OUS: [UNITS, ['Production', 'ou-1', '111122223333']],
  ROTATION_EXCLUDE_OUS: [UNITS, ['root', 'OU-AB12-34CD56EF']],
  ROTATION_HISTORY_DAYS: [
    'a whole number of days from 30 to 2557',
    ['29', '2558', '0', '-1', '400.5', '13 months', 'off', 'for ever', '1e3'],
  ],
  ROTATION_INVENTORY: ['auto, list or credential-report', ['all', 'report', 'AUTO']],
  ROTATION_ACCOUNT_CONCURRENCY: ['a whole number from 1 to 100', ['0', '101', '2.5', '-1', 'many', '1e1']],
  ROTATION_USER_CONCURRENCY: ['a whole number from 1 to 20', ['0', '21', '0x4']],
  ROTATION_MAX_DEACTIVATIONS: [
    'a number of keys, or a percentage like 25%, at most 100%',
    ['-1', '2.5', 'all', '%', '101%', '2500%'],
  ],
  ROTATION_MAX_DELETIONS: ['a number of keys, or a percentage like 25%, at most 100%', ['25 %']],
  ROTATION_MAX_DEADLINE_DEACTIVATIONS: ['a whole number, 0 or more', ['-1', '2.5', '25%', 'none']],
  ROTATION_MAX_REPLACEMENTS: ['a whole number, 1 or more', ['0', '00', '-1', '1.5', '10%', 'all']],
  ROTATION_NOTICES_BY: ['one of topic, events', ['email', 'topic,events']],
  ROTATION_SECRET_READERS: [
    'a list of ARNs of IAM roles and users, separated by commas',
    [',', 'reader', `${READER};${READER}`, 'arn:aws:iam::111122223333:root', '*'],
  ],
  ROTATION_SECRET_ACCESS: ['one of open, restricted', ['closed']],
  ROTATION_REMOVE_ORPHANED_SECRETS: ['true or false', ['yes', '1', 'True']],
  ROTATION_SECRET_KMS_KEY_ID: ['the id, alias or ARN of a KMS key', ['a b', 'key!']],
  ROTATION_ROTATE_AFTER_DAYS: [DAYS, ['60d', '1e1', '0x3c', 'sixty', '60,5', '.5', 'Infinity', 'NaN']],
  ROTATION_DEACTIVATE_AFTER_DAYS: [DAYS, ['80 days']],
  ROTATION_DELETE_AFTER_DAYS: [DAYS, ['off']],
  ROTATION_ADOPTION_GRACE_DAYS: [DAYS, ['none']],
  ROTATION_DEADLINE_GRACE_DAYS: [DAYS, ['off', '30d']],
  ROTATION_RECOVERY_GRACE_DAYS: [DAYS, ['+1']],
  ROTATION_UNUSED_AFTER_DAYS: ['a number of days, or off', ['never', 'OFF', '90d']],
  ROTATION_IN_USE_WINDOW_DAYS: [DAYS, ['1w']],
  ROTATION_NOTICE_BEFORE_DAYS: [DAYS, ['a week']],
  ROTATION_WHEN_STILL_IN_USE: ['one of deactivate, wait', ['delete', 'Wait']],
  ROTATION_WHEN_NOT_ADOPTED: ['one of wait, deactivate', ['escalate']],
  ROTATION_WHEN_TWO_KEYS_IN_USE: ['one of escalate, deactivate-least-recently-used', ['wait']],
};

describe('a setting is refused, naming it, what would be right, and its value:', () => {
  for (const [name, [right, values]] of Object.entries(BAD)) {
    for (const value of values) {
      it(`${name}=${JSON.stringify(value.slice(0, 50))}`, () => {
        const [problem, ...more] = problemsOf({ [name]: value });
        expect(problem)
          .to.match(new RegExp(`^${name}: must `))
          .and.to.contain(right);
        expect(problem).to.contain(JSON.stringify(value.trim()));
        expect(more).to.deep.equal([]);
      });
    }
  }

  it('every one of them', () => {
    expect([...Object.keys(BAD), 'ROTATION_EXTERNAL_ID']).to.have.members([...SETTING_NAMES]);
  });

  for (const value of ['x', 'has a blank', 'x'.repeat(1225)]) {
    it(`ROTATION_EXTERNAL_ID, whose value is not repeated: ${value.slice(0, 20)}`, () => {
      const [problem, ...more] = problemsOf({ ROTATION_EXTERNAL_ID: value });
      expect(problem).to.match(/^ROTATION_EXTERNAL_ID: must be 2 to 1224 letters/);
      expect(problem?.replace('ROTATION_EXTERNAL_ID: must be 2 to 1224', '')).not.to.contain(`"${value}"`);
      expect(more).to.deep.equal([]);
    });
  }

  for (const name of ['ROTATION_ROTATE_AFTER', 'ROTATION_rotate_after_days', 'ROTATION_']) {
    it(`${name}, which there is not: the others are named`, () => {
      const [problem, ...more] = problemsOf({ [name]: '60' });
      expect(problem).to.match(new RegExp(`^${name}: no such setting`));
      for (const known of SETTING_NAMES) expect(problem).to.contain(known);
      expect(more).to.deep.equal([]);
    });
  }
});

describe('thresholds are refused', () => {
  const inDays = (settings: Record<string, string>) =>
    Object.fromEntries(Object.entries(settings).map(([name, value]) => [`ROTATION_${name}_DAYS`, value]));

  for (const [title, settings, named] of [
    ['when keys are deactivated before they are replaced', { DEACTIVATE_AFTER: '50' }, ['DEACTIVATE_AFTER']],
    ['when keys are deactivated as they are replaced', { ROTATE_AFTER: '80' }, ['DEACTIVATE_AFTER']],
    ['when keys are deleted before they are deactivated', { DELETE_AFTER: '79.9' }, ['DELETE_AFTER']],
    ['all of them', { ROTATE_AFTER: '90', DELETE_AFTER: '70' }, ['DEACTIVATE_AFTER', 'DELETE_AFTER']],
    ['when replacing is due at once', { ROTATE_AFTER: '0' }, ['ROTATE_AFTER']],
    ['when replacing was due before', { ROTATE_AFTER: '-1' }, ['ROTATE_AFTER']],
    ['when every key is unused', { UNUSED_AFTER: '0' }, ['UNUSED_AFTER']],
    ['when a grace is negative', { ADOPTION_GRACE: '-0.5' }, ['ADOPTION_GRACE']],
    [
      'when both graces are',
      { ADOPTION_GRACE: '-1', RECOVERY_GRACE: '-1' },
      ['ADOPTION_GRACE', 'RECOVERY_GRACE'],
    ],
    ['when the deadline comes before', { DEADLINE_GRACE: '-1' }, ['DEADLINE_GRACE']],
    ['when the window of use is negative', { IN_USE_WINDOW: '-1' }, ['IN_USE_WINDOW']],
    ['when notice is given afterwards', { NOTICE_BEFORE: '-1' }, ['NOTICE_BEFORE']],
  ] as const) {
    it(`${title}, naming the setting and its value`, () => {
      const problems = problemsOf(inDays(settings));
      const names = problems.map((problem) => problem.split(':')[0]);
      expect(names).to.deep.equal(named.map((name) => `ROTATION_${name}_DAYS`));
      for (const problem of problems) expect(problem).to.match(/: must be .+, not -?[\d.]+$/);
    });
  }
});

describe('a run that changes something is refused', () => {
  for (const mode of MODES) {
    it(`${mode === 'audit' ? 'never' : 'without table and topic'} in mode ${mode}`, () => {
      for (const problems of [
        problemsOf({ ROTATION_MODE: mode }),
        problemsOf({ ROTATION_MODE: 'enforce' }, mode),
      ]) {
        const names = problems.map((problem) => problem.split(':')[0]);
        expect(names).to.deep.equal(mode === 'audit' ? [] : ['ROTATION_TABLE_NAME', 'ROTATION_TOPIC_ARN']);
        for (const problem of problems) expect(problem).to.contain(`must be set in mode ${mode}`);
      }
    });
  }
});

describe('all problems are named at once:', () => {
  const namesOf = (environment: Record<string, string>) =>
    problemsOf(environment).map((problem) => problem.split(':')[0]);

  it('those of several values', () => {
    const environment = { ROTATION_MODE: 'x', ROTATION_ROLE_NAME: 'a b', ROTATION_COLOUR: 'red' };
    expect(namesOf(environment)).to.have.members(Object.keys(environment));
  });

  it('those of thresholds and of missing settings', () => {
    const environment = { ROTATION_MODE: 'enforce', ROTATION_DELETE_AFTER_DAYS: '10' };
    const expected = ['ROTATION_DELETE_AFTER_DAYS', 'ROTATION_TABLE_NAME', 'ROTATION_TOPIC_ARN'];
    expect(namesOf(environment)).to.have.members(expected);
  });

  it('those of a value and of thresholds', () => {
    const environment = { ROTATION_ROLE_NAME: 'a b', ROTATION_DELETE_AFTER_DAYS: '10' };
    expect(namesOf(environment)).to.have.members(Object.keys(environment));
  });

  it('those of a value and of missing settings', () => {
    const expected = ['ROTATION_ROLE_NAME', 'ROTATION_TABLE_NAME', 'ROTATION_TOPIC_ARN'];
    expect(namesOf({ ROTATION_MODE: 'enforce', ROTATION_ROLE_NAME: 'a b' })).to.have.members(expected);
  });
});
