import { definedOnly } from '../domain/defined-only.ts';
import {
  DEFAULT_SETTINGS,
  type Layer,
  type SettingName,
  type SettingValues,
} from '../domain/settings/setting.ts';
import type { Settings } from './settings.ts';

/**
 * The layers below everything in the table: the defaults, and what the deployment sets, of that only
 * what it really sets, so that each value can say where it comes from.
 */
export function baseLayers(settings: Settings): readonly Layer[] {
  const { policy, limits, mode, topicArn, secretKmsKeyId, givenBy } = settings;
  const { maxDeadlineDeactivations, noticesBy, secretReaders, secretAccess, removeOrphanedSecrets } =
    settings;
  const known: Partial<SettingValues> = {
    ...policy,
    ...limits,
    mode,
    maxDeadlineDeactivations,
    noticesBy,
    secretReaders,
    secretAccess,
    removeOrphanedSecrets,
    ...definedOnly({ topicArn, secretKmsKeyId }),
  };
  const given = Object.entries(known).filter(([name]) => givenBy[name as SettingName] !== undefined);
  return [
    { level: 'default', from: 'default', values: DEFAULT_SETTINGS, final: [] },
    {
      level: 'environment',
      from: 'environment',
      values: Object.fromEntries(given),
      final: [],
      nameOf: givenBy,
    },
  ];
}
