import { definedOnly } from '../defined-only.ts';
import { settingsOfOrganization, type AccountSettings } from '../settings/account-settings.ts';
import { formatSetting, type ResolvedSettings } from '../settings/resolve.ts';
import { SETTING_NAMES } from '../settings/setting.ts';
import type { AccountReport } from './run-report.ts';
import type { StoredSetting } from './stored-run.ts';

/* The settings that held for a run, and who set them, for whoever asks later by what rules it went. */

const storedOf = ({ values, sources, setBy }: ResolvedSettings): readonly StoredSetting[] =>
  SETTING_NAMES.flatMap((name) =>
    values[name] === undefined
      ? []
      : [
          {
            name,
            value: formatSetting(values[name]),
            from: sources[name] ?? 'default',
            ...definedOnly({ setBy: setBy?.[name] }),
          },
        ],
  );

/** Every account was resolved from the same rows, so any of them tells. */
export function settingsOfRun(accounts: readonly AccountReport[]): readonly StoredSetting[] | undefined {
  const some = accounts.map((report) => ('settings' in report ? report.settings : undefined));
  const known = some.find((settings) => settings !== undefined);
  const resolved = known === undefined ? undefined : settingsOfOrganization(known.snapshot, known.cap);
  return resolved === undefined ? undefined : storedOf(resolved);
}

/** What is set for the account other than for the organization; undefined where nothing is. */
export function settingsOfAccountIn(settings: AccountSettings): readonly StoredSetting[] | undefined {
  const general = settingsOfOrganization(settings.snapshot, settings.cap);
  const before = new Set((general === undefined ? [] : storedOf(general)).map(nameOf));
  const own = storedOf(settings).filter((one) => !before.has(nameOf(one)));
  return own.length === 0 ? undefined : own;
}

const nameOf = (setting: StoredSetting): string => JSON.stringify(setting);
