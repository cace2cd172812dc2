import { partitionOf } from '../../../config/setting-schema.ts';
import type { RowChange } from '../../../config/settings-change.ts';
import { parseArn } from '../../../domain/arn.ts';
import { describeTarget } from '../../../domain/settings/setting.ts';
import type { Warning } from './warnings.ts';

/**
 * Warns of keys and regions that are valid by themselves and that the service can't use from where it runs,
 * or only with rights that somebody has to give.
 * @param home the region the service runs in
 */
export const outOfReach = (changes: readonly RowChange[], home: string): readonly Warning[] =>
  changes.flatMap((change) => [...ofKey(change, home), ...ofRegions(change, home)]);

const isChanged = ({ settings }: RowChange, name: string): boolean =>
  settings.some((one) => one.name === name);

function ofKey(change: RowChange, home: string): readonly Warning[] {
  const { after, target } = change;
  const key = after?.values.secretKmsKeyId;
  const arn = key === undefined ? undefined : parseArn(key);
  if (target === undefined || arn === undefined || !isChanged(change, 'secretKmsKeyId')) return [];
  const whose = describeTarget(target);
  if (arn.region !== home) {
    return [
      {
        message: `${whose}: secretKmsKeyId is a key of region ${arn.region}, and secrets are in ${home}, where it can't encrypt them`,
        nextStep: `Name a key of ${home}; an alias is looked up there.`,
      },
    ];
  }
  const isForeign = 'accountId' in target && target.accountId !== arn.accountId;
  return isForeign && after?.values.secretDelivery !== 'central'
    ? [
        {
          message: `${whose}: secretKmsKeyId is a key of account ${arn.accountId}; unless secretDelivery is central, the member role and the users of account ${target.accountId} need its key policy and policies of their own to use it`,
          nextStep:
            'Let that account use the key (parameter SecretKmsKeyArn of the member role), or name one of its own.',
        },
      ]
    : [];
}

function ofRegions(change: RowChange, home: string): readonly Warning[] {
  const { after, target } = change;
  const regions = after?.values.secretReplicaRegions ?? [];
  if (target === undefined || !isChanged(change, 'secretReplicaRegions')) return [];
  const whose = describeTarget(target);
  const elsewhere = regions.filter((region) => partitionOf(region) !== partitionOf(home));
  return [
    ...(regions.includes(home)
      ? [{ message: `${whose}: secretReplicaRegions has ${home}, where the secrets are anyway` }]
      : []),
    ...(elsewhere.length === 0
      ? []
      : [
          {
            message: `${whose}: secretReplicaRegions has ${elsewhere.join(', ')}, which can't be reached from ${home}: it is another partition of AWS`,
            nextStep: `Name regions like ${home}.`,
          },
        ]),
  ];
}
