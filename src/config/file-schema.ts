import * as z from 'zod';
import { SETTING_NAMES, type SettingName, type Target } from '../domain/settings/setting.ts';
import { ACCOUNT_ID, OU_ID, USER_NAME } from './fields.ts';
import { FIELDS, namesFor } from './setting-schema.ts';
import { SCHEMA_ID } from './settings-file.ts';

/* The file of settings for editors, which complete and check it by this. */

const final = z
  .array(z.enum(SETTING_NAMES as readonly [SettingName, ...SettingName[]]))
  .describe('Settings that narrower levels may not set to anything else.');

const shapeFor = (level: Target['level']) => ({
  ...Object.fromEntries(namesFor(level).map((name) => [name, FIELDS[name].schema.optional()])),
  ...(level === 'user' ? {} : { final: final.optional() }),
});

const User = z.strictObject(shapeFor('user'));
const File = z.strictObject({
  $schema: z.string().optional().describe('For editors.'),
  organization: z.strictObject(shapeFor('organization')).optional().describe('For every account.'),
  organizationalUnits: z
    .record(z.string().regex(OU_ID), z.strictObject(shapeFor('organizational-unit')))
    .optional()
    .describe('For a unit, or the root, and all below it; by id.'),
  accounts: z
    .record(
      z.string().regex(ACCOUNT_ID),
      z.strictObject({
        ...shapeFor('account'),
        users: z
          .record(z.string().regex(USER_NAME), User)
          .optional()
          .describe('For single IAM users of the account; by name.'),
      }),
    )
    .optional()
    .describe('For an account; by its id of twelve digits, in quotes.'),
});

/** The JSON Schema of the file. Some rules can't be said in it; they are checked when it is read. */
export const settingsFileSchema = (): object => {
  const { $schema, ...schema } = z.toJSONSchema(File, { io: 'input' });
  return { $schema, $id: SCHEMA_ID, title: 'Settings of access-key-rotation', ...schema };
};
