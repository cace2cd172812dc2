import {
  DEFAULT_SETTINGS,
  type ExemptionRule,
  type Layer,
  type Level,
  type SettingName,
  type SettingValues,
} from '../../../src/domain/settings/setting.ts';
import { resolveSettings, type ResolvedSettings } from '../../../src/domain/settings/resolve.ts';
import { days } from '../../../src/domain/time.ts';
import { T0, TOPIC_ARN } from '../../support/builders.ts';

/* What the tests of settings are made of. */

/** With a topic, so that every mode is possible. */
export const DEFAULTS = { ...DEFAULT_SETTINGS, topicArn: TOPIC_ARN };
export const layer = (
  level: Level,
  values: Partial<SettingValues>,
  final: readonly SettingName[] = [],
  from: string = level,
): Layer => ({ level, from, values, final });
/** The layer below all others. */
export const base = layer('default', DEFAULTS);

export function resolvedFrom(...layers: readonly Layer[]): ResolvedSettings {
  const resolved = resolveSettings([base, ...layers]);
  if (resolved.kind === 'failed') throw new Error(resolved.problems.join('; '));
  return resolved.value;
}
export function problemsOf(...layers: readonly Layer[]): readonly string[] {
  const resolved = resolveSettings([base, ...layers]);
  return resolved.kind === 'ok' ? [] : resolved.problems;
}

export const rule = (pattern: string, until = days(30)): ExemptionRule => ({
  users: [{ by: 'name', pattern }],
  owner: 'Ann',
  reason: 'moves',
  until: T0 + until,
});
export const MRK = 'arn:aws:kms:eu-central-1:111122223333:key/mrk-1';

/** Of each setting a wide value and a narrow one, both good beside all defaults. */
export const TWO: { readonly [Name in SettingName]-?: readonly [SettingValues[Name], SettingValues[Name]] } =
  {
    mode: ['no-delete', 'enforce'],
    rotateAfter: [50, 40.5],
    deactivateAfter: [70, 75],
    deleteAfter: [100, 120],
    adoptionGrace: [0, 12],
    deadlineGrace: [20, 45],
    recoveryGrace: [3, 0],
    unusedAfter: ['off', 45],
    inUseWindow: [1, 14],
    noticeBefore: [1, 14],
    whenStillInUse: ['wait', 'deactivate'],
    whenNotAdopted: ['deactivate', 'wait'],
    whenTwoKeysInUse: ['deactivate-least-recently-used', 'escalate'],
    maxDeactivations: [{ count: 0 }, { share: 0.5, atLeast: 5 }],
    maxDeletions: [{ share: 0.1, atLeast: 5 }, { count: 3 }],
    maxDeadlineDeactivations: [100, 0],
    maxReplacements: [50, 1],
    noticesBy: ['events', 'topic'],
    topicArn: [`${TOPIC_ARN}-2`, `${TOPIC_ARN}-3`],
    digestFrequency: ['weekly', 'when-something-happened'],
    perOwner: [true, false],
    lookUpUsage: [true, false],
    chat: [true, false],
    includeUsers: [[{ by: 'name', pattern: 'svc-*' }], []],
    excludeUsers: [[{ by: 'name', pattern: 'human-*' }], [{ by: 'path', path: '/people/' }]],
    exemptions: [[rule('wide')], [rule('narrow')]],
    exemption: [rule('x'), rule('y')],
    owner: ['Team A', 'Team B'],
    ownerTag: ['owner', 'team'],
    secretDelivery: ['sns-plaintext', 'member'],
    secretKmsKeyId: ['alias/one', MRK],
    secretReplicaRegions: [['eu-west-1'], ['us-east-1', 'eu-west-1']],
    snsPlaintextToEmail: ['confirmed', 'refused'],
    secretReaders: [
      ['arn:aws:iam::111122223333:role/reader'],
      ['arn:aws:iam::111122223333:user/x', 'arn:aws:iam::111122223333:role/reader'],
    ],
    secretAccess: ['restricted', 'open'],
    removeOrphanedSecrets: [true, false],
  };
