import type { SettingsSnapshot } from '../../domain/settings/setting.ts';

/** All settings of the deployment. */
export interface SettingsSource {
  /** @throws Refusal when they can't be read: nothing is done on a guess of what is set */
  read(): Promise<SettingsSnapshot>;
}
