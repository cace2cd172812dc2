import { composeSettings, type SettingsAccess } from '../../../compose/settings.ts';
import { ACCOUNT_ID, OU_ID, USER_NAME } from '../../../config/fields.ts';
import type { Settings } from '../../../config/settings.ts';
import { InputError } from '../../../domain/errors.ts';
import type { Target } from '../../../domain/settings/setting.ts';
import { readInput } from '../../input/read-input.ts';
import type { Purpose } from '../../input/deployed-settings.ts';
import type { Terminal } from '../../input/terminal.ts';

/* What the commands about settings have in common. */

export interface TargetOptions {
  readonly organization?: true;
  readonly ou?: string;
  readonly account?: string;
  readonly user?: string;
}

/** @throws InputError unless the options name exactly one target */
export function readTarget({ organization, ou, account, user }: TargetOptions): Target {
  const named = [organization, ou, account].filter((one) => one !== undefined).length;
  const problems = [
    ...(named === 1 ? [] : ['say for whom, with one of --organization, --ou and --account']),
    ...(user !== undefined && account === undefined ? ['--user: needs --account: whose user is it?'] : []),
    ...wrong('--ou', ou, OU_ID, 'the id of an organizational unit, like ou-ab12-34cd56ef'),
    ...wrong('--account', account, ACCOUNT_ID, 'an account id of twelve digits'),
    ...wrong('--user', user, USER_NAME, 'the name of an IAM user, without its path'),
  ];
  if (problems.length > 0) throw new InputError(problems);
  if (ou !== undefined) return { level: 'organizational-unit', ouId: ou };
  if (account === undefined) return { level: 'organization' };
  return user === undefined
    ? { level: 'account', accountId: account }
    : { level: 'user', accountId: account, userName: user };
}

const wrong = (option: string, value: string | undefined, form: RegExp, right: string): readonly string[] =>
  value === undefined || form.test(value)
    ? []
    : [`${option}: must be ${right}, not ${JSON.stringify(value)}`];

/** The settings of the deployment, and the table with the others. */
export interface SettingsCommandContext {
  readonly settings: Settings;
  readonly access: SettingsAccess;
}

/** @throws InputError with all that is wrong with the environment */
export async function openSettings(terminal: Terminal, purpose: Purpose): Promise<SettingsCommandContext> {
  const { settings, aws } = await readInput(undefined, {}, terminal, purpose);
  if (settings.tableName === undefined) {
    throw new InputError(['ROTATION_TABLE_NAME: must be set: the settings are in that table']);
  }
  return { settings, access: composeSettings(settings, settings.tableName, aws) };
}

export const printJson = ({ stdout }: Terminal, value: object): void =>
  void stdout.write(`${JSON.stringify({ schemaVersion: 1, ...value }, null, 2)}\n`);
