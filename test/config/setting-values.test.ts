import { expect } from 'chai';
import { written } from '../../src/config/setting-values.ts';
import { SETTING_NAMES, type SettingName } from '../../src/domain/settings/setting.ts';
import { problemsIn, valuesOf } from './written.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:access-keys';
const READER = 'arn:aws:iam::111122223333:role/reader';
const ABOVE = 'must be a number of days above 0, at most 3650';
const FROM = 'must be a number of days from 0 to 3650';
const LIMIT = 'must be a number of keys, or a share of them like "25%"';
const PRINCIPAL = 'must be the ARN of an IAM role or user, like arn:aws:iam::111122223333:role/name';
const LINE = 'must be a text of 1 to 256 characters on one line';
const LIKE = 'must be like name:svc-*, path:/service/, group:ci or tag:rotate=yes';
const day = (text: string) => Date.parse(text);

/** As people write it, and what it means. */
const GOOD: readonly (readonly [SettingName, unknown, unknown?])[] = [
  ['mode', 'audit'],
  ['mode', 'enforce'],
  ['rotateAfter', 60],
  ['rotateAfter', 0.5],
  ['deactivateAfter', 3650],
  ['deleteAfter', 90],
  ['adoptionGrace', 0],
  ['deadlineGrace', 0],
  ['deadlineGrace', 45.5],
  ['recoveryGrace', 10.25],
  ['unusedAfter', 45],
  ['unusedAfter', 'off'],
  ['inUseWindow', 7],
  ['noticeBefore', 0],
  ['whenStillInUse', 'wait'],
  ['whenNotAdopted', 'deactivate'],
  ['whenTwoKeysInUse', 'deactivate-least-recently-used'],
  ['maxDeactivations', 0, { count: 0 }],
  ['maxDeactivations', 12, { count: 12 }],
  ['maxDeletions', '25%', { share: 0.25, atLeast: 5 }],
  ['maxDeletions', '100%', { share: 1, atLeast: 5 }],
  ['maxDeletions', '57%', { share: 0.57, atLeast: 5 }],
  ['maxDeadlineDeactivations', 0],
  ['maxDeadlineDeactivations', 400],
  ['maxReplacements', 1],
  ['noticesBy', 'events'],
  ['topicArn', TOPIC],
  ['digestFrequency', 'weekly'],
  ['perOwner', true],
  ['perOwner', false],
  ['lookUpUsage', true],
  ['lookUpUsage', false],
  ['chat', true],
  ['chat', false],
  ['includeUsers', []],
  ['includeUsers', ['name:svc-*'], [{ by: 'name', pattern: 'svc-*' }]],
  [
    'excludeUsers',
    ['path:/service/', 'path:/'],
    [
      { by: 'path', path: '/service/' },
      { by: 'path', path: '/' },
    ],
  ],
  ['excludeUsers', ['group:ci'], [{ by: 'group', group: 'ci' }]],
  ['excludeUsers', ['tag:rotate'], [{ by: 'tag', tag: 'rotate' }]],
  ['excludeUsers', ['tag:rotate=yes'], [{ by: 'tag', tag: 'rotate', value: 'yes' }]],
  ['excludeUsers', ['tag:rotate='], [{ by: 'tag', tag: 'rotate', value: '' }]],
  ['excludeUsers', ['tag:a:b/c=d=e f'], [{ by: 'tag', tag: 'a:b/c', value: 'd=e f' }]],
  [
    'exemptions',
    [{ users: ['name:x'], owner: 'Ann', reason: 'moves', until: '2027-05-31' }],
    [{ users: [{ by: 'name', pattern: 'x' }], owner: 'Ann', reason: 'moves', until: day('2027-05-31') }],
  ],
  ['exemptions', []],
  ['owner', 'Team Ärger & Söhne <x@example.com>'],
  ['owner', 'x'.repeat(256)],
  ['ownerTag', 'cost:owner/team'],
  ['secretDelivery', 'sns-plaintext'],
  ['secretKmsKeyId', 'alias/keys'],
  ['secretReplicaRegions', ['eu-west-1', 'ap-southeast-4']],
  ['secretReplicaRegions', ['us-gov-east-1', 'us-gov-west-1']],
  ['secretReplicaRegions', ['us-iso-west-1']],
  ['snsPlaintextToEmail', 'confirmed'],
  ['secretReaders', []],
  [
    'secretReaders',
    [
      READER,
      'arn:aws-cn:iam::111122223333:user/a,b+c',
      'arn:aws:iam::111122223333:role/aws-reserved/x/SSO_1',
    ],
  ],
  ['secretAccess', 'restricted'],
  ['removeOrphanedSecrets', true],
  ['removeOrphanedSecrets', false],
];

describe('a setting is read and written again:', () => {
  for (const [name, value, means = value] of GOOD) {
    it(`${name}: ${JSON.stringify(value).slice(0, 70)}`, () => {
      const { values } = valuesOf({ [name]: value });
      expect(values).to.deep.equal({ [name]: means });
      expect(written(values[name])).to.deep.equal(value);
    });
  }
  for (const [until, means, again = until] of [
    ['2026-12-31', day('2026-12-31T00:00:00Z')],
    ['2026-12-31T12:30:00Z', day('2026-12-31T12:30:00Z'), '2026-12-31T12:30:00.000Z'],
    ['2026-12-31T01:00:00+02:00', day('2026-12-30T23:00:00Z'), '2026-12-30T23:00:00.000Z'],
    ['2026-12-31T00:00:00Z', day('2026-12-31T00:00:00Z'), '2026-12-31'],
  ] as const) {
    it(`an exemption until ${until}`, () => {
      const { values } = valuesOf({ exemption: { owner: 'a', reason: 'b', until } }, 'user');
      expect(values.exemption?.until).to.equal(means);
      expect(written(values.exemption)).to.deep.equal({ owner: 'a', reason: 'b', until: again });
    });
  }

  it('every one of them', () => {
    expect(new Set([...GOOD.map(([name]) => name), 'exemption'])).to.deep.equal(new Set(SETTING_NAMES));
  });

  it('a name alone is a name, written as what it is', () => {
    const { values } = valuesOf({ includeUsers: ['svc-*', 'path', 'a?b'] });
    expect(written(values.includeUsers)).to.deep.equal(['name:svc-*', 'name:path', 'name:a?b']);
  });

  it('blanks around a text are not part of it', () => {
    expect(valuesOf({ owner: '  Ann ' }).values.owner).to.equal('Ann');
  });
});

const BAD: readonly (readonly [SettingName, unknown, string])[] = [
  ['mode', 'Enforce', 'mode: must be one of audit, replace-only, no-delete, enforce, not "Enforce"'],
  ['rotateAfter', '60', `rotateAfter: ${ABOVE}, without quotes, not "60"`],
  ['rotateAfter', '60d', `rotateAfter: ${ABOVE}, without a unit, not "60d"`],
  ['rotateAfter', '60 days', `rotateAfter: ${ABOVE}, without a unit, not "60 days"`],
  ['rotateAfter', 'sixty', `rotateAfter: ${ABOVE}, not "sixty"`],
  ['rotateAfter', 'off', `rotateAfter: ${ABOVE}, not "off"`],
  ['rotateAfter', 0, `rotateAfter: ${ABOVE}, not 0`],
  ['rotateAfter', -1, `rotateAfter: ${ABOVE}, not -1`],
  ['rotateAfter', 5_184_000, `rotateAfter: ${ABOVE}, not 5184000`],
  ['rotateAfter', NaN, `rotateAfter: ${ABOVE}, not NaN`],
  ['rotateAfter', null, `rotateAfter: ${ABOVE}, not null`],
  ['rotateAfter', [60], `rotateAfter: ${ABOVE}, not [60]`],
  ['rotateAfter', { days: 60 }, `rotateAfter: ${ABOVE}, not {"days":60}`],
  ['deactivateAfter', '80d', `deactivateAfter: ${ABOVE}, without a unit, not "80d"`],
  ['deleteAfter', true, `deleteAfter: ${ABOVE}, not true`],
  ['adoptionGrace', -0.5, `adoptionGrace: ${FROM}, not -0.5`],
  ['deadlineGrace', 'off', `deadlineGrace: ${FROM}, not "off"`],
  ['deadlineGrace', '30', `deadlineGrace: ${FROM}, without quotes, not "30"`],
  ['recoveryGrace', '1w', `recoveryGrace: ${FROM}, without a unit, not "1w"`],
  ['inUseWindow', 3651, `inUseWindow: ${FROM}, not 3651`],
  ['noticeBefore', 'never', `noticeBefore: ${FROM}, not "never"`],
  ['unusedAfter', '90', `unusedAfter: ${ABOVE}, or off, without quotes, not "90"`],
  ['unusedAfter', 0, `unusedAfter: ${ABOVE}, or off, not 0`],
  ['unusedAfter', false, `unusedAfter: ${ABOVE}, or off, not false`],
  ['whenStillInUse', 'delete', 'whenStillInUse: must be one of deactivate, wait, not "delete"'],
  ['whenNotAdopted', 'escalate', 'whenNotAdopted: must be one of wait, deactivate, not "escalate"'],
  [
    'whenTwoKeysInUse',
    '',
    'whenTwoKeysInUse: must be one of escalate, deactivate-least-recently-used, not ""',
  ],
  ...(['12', '25 %', '101%', '-5%', 1.5, -1, null] as const).map(
    (value) =>
      ['maxDeactivations', value, `maxDeactivations: ${LIMIT}, not ${JSON.stringify(value)}`] as const,
  ),
  ['maxDeletions', 'all', `maxDeletions: ${LIMIT}, not "all"`],
  ...([-1, 2.5, '25%', '25', null] as const).map(
    (value) =>
      [
        'maxDeadlineDeactivations',
        value,
        `maxDeadlineDeactivations: must be a whole number, 0 or more, not ${JSON.stringify(value)}`,
      ] as const,
  ),
  ...([0, -1, 1.5, 'none'] as const).map(
    (value) =>
      [
        'maxReplacements',
        value,
        `maxReplacements: must be a whole number, 1 or more, not ${JSON.stringify(value)}`,
      ] as const,
  ),
  ['noticesBy', 'email', 'noticesBy: must be one of topic, events, not "email"'],
  ['topicArn', `${TOPIC}.fifo`, `topicArn: must be the ARN of a standard SNS topic, not "${TOPIC}.fifo"`],
  ['topicArn', 'access-keys', 'topicArn: must be the ARN of a standard SNS topic, not "access-keys"'],
  [
    'digestFrequency',
    'daily',
    'digestFrequency: must be one of when-something-happened, weekly, not "daily"',
  ],
  ['owner', '', `owner: ${LINE}, not ""`],
  ['owner', ' \t', `owner: ${LINE}, not " \\t"`],
  ['owner', 'a\nb', `owner: ${LINE}, not "a\\nb"`],
  ['owner', 'a\u0007b', `owner: ${LINE}, not "a\\u0007b"`],
  ['owner', 12, `owner: ${LINE}, not 12`],
  ['owner', 'x'.repeat(257), `owner: ${LINE}, not "${'x'.repeat(257)}"`],
  ['ownerTag', 'a#b', 'ownerTag: must be the name of an IAM tag, not "a#b"'],
  ['secretDelivery', 'email', 'secretDelivery: must be one of member, central, sns-plaintext, not "email"'],
  ['secretKmsKeyId', 'a b', 'secretKmsKeyId: must be the id, alias or ARN of a KMS key, not "a b"'],
  ['secretReplicaRegions', 'eu-west-1', 'secretReplicaRegions: must be a list of regions, not "eu-west-1"'],
  [
    'secretReplicaRegions',
    ['Ireland'],
    'secretReplicaRegions.0: must be a region like eu-central-1, not "Ireland"',
  ],
  ['secretReaders', READER, `secretReaders: must be a list of ARNs of IAM roles and users, not "${READER}"`],
  ...(
    [
      'reader',
      'arn:aws:iam::111122223333:root',
      'arn:aws:iam::111122223333:group/ci',
      'arn:aws:iam::1111:role/reader',
      'arn:aws:iam::111122223333:role/*',
      'arn:aws:iam::111122223333:role/a*/reader',
      'arn:aws:sts::111122223333:assumed-role/reader/session',
      `${READER},${READER}`,
      '*',
    ] as const
  ).map((value) => ['secretReaders', [value], `secretReaders.0: ${PRINCIPAL}, not "${value}"`] as const),
  ['secretAccess', 'closed', 'secretAccess: must be one of open, restricted, not "closed"'],
  ...(['removeOrphanedSecrets', 'perOwner', 'lookUpUsage', 'chat'] as const).flatMap((name) =>
    (['true', 'yes', 1] as const).map(
      (value) => [name, value, `${name}: must be true or false, not ${JSON.stringify(value)}`] as const,
    ),
  ),
  ['snsPlaintextToEmail', 'yes', 'snsPlaintextToEmail: must be one of refused, confirmed, not "yes"'],
  ...(['role:x', 'path:service', 'path:/service', 'tag:', 'group:a b', 'name:', 'a/b', 7] as const).map(
    (value) => ['includeUsers', [value], `includeUsers.0: ${LIKE}, not ${JSON.stringify(value)}`] as const,
  ),
  [
    'excludeUsers',
    'svc-*',
    'excludeUsers: must be a list of name:svc-*, path:/service/, group:ci, tag:rotate=yes and the like, not "svc-*"',
  ],
];

describe('a setting is refused, naming it, what would be right, and what is there:', () => {
  for (const [name, value, problem] of BAD) {
    it(problem.slice(0, 110), () => expect(problemsIn({ [name]: value })).to.deep.equal([problem]));
  }

  it('every one of them', () => {
    const tested = new Set(BAD.map(([name]) => name));
    // See exemptions.test.ts.
    expect(tested).to.deep.equal(new Set(SETTING_NAMES.filter((name) => !name.startsWith('exemption'))));
  });

  it('all of them at once', () => {
    const wrong = Object.fromEntries(BAD.map(([name, value]) => [name, value]));
    expect(problemsIn(wrong)).to.have.length(Object.keys(wrong).length);
  });
});
