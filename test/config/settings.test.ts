import { expect } from 'chai';
import { ENVIRONMENT_NAMES } from '../../src/config/setting-schema.ts';
import { readSettings, SETTING_NAMES, type Settings } from '../../src/config/settings.ts';
import { DEFAULT_LIMIT } from '../../src/domain/rotation/limits.ts';
import { DEFAULT_POLICY } from '../../src/domain/rotation/policy.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:access-keys';
const ROLE = 'arn:aws:iam::111122223333:role/lister';
const CHANGING = { ROTATION_TABLE_NAME: 'table', ROTATION_TOPIC_ARN: TOPIC };
const NAME = /^ROTATION_[A-Z_]+$/;

const DEFAULTS: Settings = {
  mode: 'audit',
  roleName: 'access-key-rotation',
  rolePath: '/',
  historyDays: 396,
  selection: { includeAccounts: [], excludeAccounts: [], includeOus: [], excludeOus: [] },
  inventory: 'auto',
  accountConcurrency: 40,
  userConcurrency: 4,
  limits: { maxDeactivations: DEFAULT_LIMIT, maxDeletions: DEFAULT_LIMIT },
  maxDeadlineDeactivations: 25,
  noticesBy: 'topic',
  secretReaders: [],
  secretAccess: 'open',
  removeOrphanedSecrets: false,
  policy: DEFAULT_POLICY,
  givenBy: {},
};

describe('the settings are', () => {
  it('the defaults when none is set', () => {
    expect(readSettings({})).to.deep.equal(DEFAULTS);
  });

  it('the published scheme when none is set', () => {
    const { rotateAfter, deactivateAfter, deleteAfter } = readSettings({}).policy;
    expect([rotateAfter, deactivateAfter, deleteAfter]).to.deep.equal([60, 80, 90]);
  });

  for (const blank of ['', '  ', '\t\n', undefined]) {
    it(`the defaults when all are ${JSON.stringify(blank)}`, () => {
      const environment = Object.fromEntries(SETTING_NAMES.map((name) => [name, blank]));
      expect(readSettings(environment)).to.deep.equal(DEFAULTS);
    });
  }

  it('not disturbed by what others set', () => {
    expect(readSettings({ PATH: '/bin', AWS_REGION: 'x', ROTATE: '1', ROTATIONS: '1' })).to.deep.equal(
      DEFAULTS,
    );
  });

  it('named alike', () => {
    for (const name of SETTING_NAMES) expect(name).to.match(NAME);
  });
});

type Good = readonly [name: string, value: string, path: readonly string[], read: unknown];
const GOOD: readonly Good[] = [
  ['ROTATION_ROLE_NAME', 'Rotator+=,.@-_1', ['roleName'], 'Rotator+=,.@-_1'],
  ['ROTATION_ROLE_NAME', '  rotator ', ['roleName'], 'rotator'],
  ['ROTATION_ROLE_PATH', '/', ['rolePath'], '/'],
  ['ROTATION_ROLE_PATH', '/security/keys/', ['rolePath'], '/security/keys/'],
  ['ROTATION_EXTERNAL_ID', 'a1', ['externalId'], 'a1'],
  ['ROTATION_EXTERNAL_ID', 'org:1/a=b,c.d@e-f+', ['externalId'], 'org:1/a=b,c.d@e-f+'],
  ['ROTATION_TABLE_NAME', 'my.table_1-x', ['tableName'], 'my.table_1-x'],
  ['ROTATION_TOPIC_ARN', TOPIC, ['topicArn'], TOPIC],
  [
    'ROTATION_TOPIC_ARN',
    TOPIC.replace('aws', 'aws-us-gov'),
    ['topicArn'],
    TOPIC.replace('aws', 'aws-us-gov'),
  ],
  ['ROTATION_ORGANIZATIONS_ROLE_ARN', ROLE, ['organizationsRoleArn'], ROLE],
  ['ROTATION_ORGANIZATIONS_ROLE_ARN', `${ROLE}/x`, ['organizationsRoleArn'], `${ROLE}/x`],
  ['ROTATION_INCLUDE_ACCOUNTS', '111122223333', ['selection', 'includeAccounts'], ['111122223333']],
  ...[',', ', ', ' ', '\n', ',,'].map((separator): Good => [
    'ROTATION_EXCLUDE_ACCOUNTS',
    `111122223333${separator}000000000001`,
    ['selection', 'excludeAccounts'],
    ['111122223333', '000000000001'],
  ]),
  ['ROTATION_INCLUDE_OUS', 'ou-ab12-34cd56ef', ['selection', 'includeOus'], ['ou-ab12-34cd56ef']],
  [
    'ROTATION_EXCLUDE_OUS',
    'r-ab12,ou-ab12-34cd56ef',
    ['selection', 'excludeOus'],
    ['r-ab12', 'ou-ab12-34cd56ef'],
  ],
  ['ROTATION_HISTORY_DAYS', '30', ['historyDays'], 30],
  ['ROTATION_HISTORY_DAYS', '2557', ['historyDays'], 2557],
  ['ROTATION_INVENTORY', 'list', ['inventory'], 'list'],
  ['ROTATION_INVENTORY', 'credential-report', ['inventory'], 'credential-report'],
  ['ROTATION_ACCOUNT_CONCURRENCY', '1', ['accountConcurrency'], 1],
  ['ROTATION_ACCOUNT_CONCURRENCY', '100', ['accountConcurrency'], 100],
  ['ROTATION_USER_CONCURRENCY', '20', ['userConcurrency'], 20],
  ['ROTATION_MAX_DEACTIVATIONS', '12', ['limits', 'maxDeactivations'], { count: 12 }],
  ['ROTATION_MAX_DEACTIVATIONS', '0', ['limits', 'maxDeactivations'], { count: 0 }],
  ['ROTATION_MAX_DELETIONS', '50%', ['limits', 'maxDeletions'], { share: 0.5, atLeast: 5 }],
  ['ROTATION_MAX_DEADLINE_DEACTIVATIONS', '0', ['maxDeadlineDeactivations'], 0],
  ['ROTATION_MAX_REPLACEMENTS', '40', ['limits', 'maxReplacements'], 40],
  ['ROTATION_NOTICES_BY', 'events', ['noticesBy'], 'events'],
  ['ROTATION_SECRET_READERS', ROLE, ['secretReaders'], [ROLE]],
  // Names of IAM may have commas in them.
  ...[',', ', ', ' ', '\n', ',,'].map((separator): Good => [
    'ROTATION_SECRET_READERS',
    `${ROLE},x${separator}${ROLE},`,
    ['secretReaders'],
    [`${ROLE},x`, ROLE],
  ]),
  ['ROTATION_SECRET_ACCESS', 'restricted', ['secretAccess'], 'restricted'],
  ['ROTATION_REMOVE_ORPHANED_SECRETS', 'true', ['removeOrphanedSecrets'], true],
  ['ROTATION_REMOVE_ORPHANED_SECRETS', 'false', ['removeOrphanedSecrets'], false],
  ['ROTATION_SECRET_KMS_KEY_ID', 'alias/rotation', ['secretKmsKeyId'], 'alias/rotation'],
  ['ROTATION_ROTATE_AFTER_DAYS', '30', ['policy', 'rotateAfter'], 30],
  ['ROTATION_ROTATE_AFTER_DAYS', '0.5', ['policy', 'rotateAfter'], 0.5],
  ['ROTATION_DEACTIVATE_AFTER_DAYS', '85', ['policy', 'deactivateAfter'], 85],
  ['ROTATION_DELETE_AFTER_DAYS', '80.001', ['policy', 'deleteAfter'], 80.001],
  ['ROTATION_ADOPTION_GRACE_DAYS', '0', ['policy', 'adoptionGrace'], 0],
  ['ROTATION_DEADLINE_GRACE_DAYS', '14', ['policy', 'deadlineGrace'], 14],
  ['ROTATION_RECOVERY_GRACE_DAYS', '14', ['policy', 'recoveryGrace'], 14],
  ['ROTATION_UNUSED_AFTER_DAYS', '45', ['policy', 'unusedAfter'], 45],
  ['ROTATION_UNUSED_AFTER_DAYS', 'off', ['policy', 'unusedAfter'], 'off'],
  ['ROTATION_IN_USE_WINDOW_DAYS', '0', ['policy', 'inUseWindow'], 0],
  ['ROTATION_NOTICE_BEFORE_DAYS', '14', ['policy', 'noticeBefore'], 14],
  ['ROTATION_WHEN_STILL_IN_USE', 'wait', ['policy', 'whenStillInUse'], 'wait'],
  ['ROTATION_WHEN_NOT_ADOPTED', 'deactivate', ['policy', 'whenNotAdopted'], 'deactivate'],
  [
    'ROTATION_WHEN_TWO_KEYS_IN_USE',
    'deactivate-least-recently-used',
    ['policy', 'whenTwoKeysInUse'],
    'deactivate-least-recently-used',
  ],
];

describe('a setting is read:', () => {
  for (const [name, value, path, read] of GOOD) {
    it(`${name}=${JSON.stringify(value)}`, () => {
      const expected = structuredClone(DEFAULTS) as unknown as Record<string, unknown>;
      const [first = '', second] = path;
      if (second === undefined) expected[first] = read;
      else (expected[first] as Record<string, unknown>)[second] = read;
      const ofLevels = Object.entries(ENVIRONMENT_NAMES).filter(([, variable]) => variable === name);
      expected['givenBy'] = Object.fromEntries(ofLevels);
      expect(readSettings({ [name]: value })).to.deep.equal(expected);
    });
  }

  it('every one of them', () => {
    const tested = new Set([...GOOD.map(([name]) => name), 'ROTATION_MODE']);
    expect([...tested]).to.have.members([...SETTING_NAMES]);
  });
});

describe('the mode', () => {
  for (const mode of ['audit', 'replace-only', 'no-delete', 'enforce'] as const) {
    it(`is that of ROTATION_MODE: ${mode}`, () => {
      expect(readSettings({ ...CHANGING, ROTATION_MODE: mode }).mode).to.equal(mode);
    });
    it(`of a run makes ROTATION_MODE stricter, never looser: ${mode}`, () => {
      const { mode: lesser } = readSettings({ ...CHANGING, ROTATION_MODE: 'no-delete' }, mode);
      expect(lesser).to.equal(mode === 'enforce' ? 'no-delete' : mode);
      expect(readSettings({}, mode).mode).to.equal('audit');
    });
  }

  it('of a run excuses no mistake in ROTATION_MODE', () => {
    expect(() => readSettings({ ROTATION_MODE: 'everything' }, 'audit')).to.throw(/^ROTATION_MODE: must be/);
  });
});
