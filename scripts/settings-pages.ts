/** What is published about settings and evidence, made of the schemas that check them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { settingsFileSchema } from '../src/config/file-schema.ts';
import type { Field } from '../src/config/setting-field.ts';
import { FIELDS } from '../src/config/setting-schema.ts';
import {
  DEFAULT_SETTINGS,
  LEVELS_OF,
  SETTING_NAMES,
  type Level,
  type SettingName,
} from '../src/domain/settings/setting.ts';
import { formatSetting } from '../src/domain/settings/resolve.ts';
import { evidenceSchema } from '../src/report/evidence/schema.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Page {
  readonly file: string;
  readonly text: string;
}

/** As prettier leaves them. */
export async function settingsPages(): Promise<readonly Page[]> {
  const pages = [
    { file: join(ROOT, 'docs/settings.md'), text: settingsGuide() },
    { file: join(ROOT, 'docs/settings.schema.json'), text: JSON.stringify(settingsFileSchema()) },
    { file: join(ROOT, 'docs/evidence.schema.json'), text: JSON.stringify(evidenceSchema()) },
  ];
  return Promise.all(
    pages.map(async ({ file, text }) => ({
      file,
      text: await format(text, { ...(await resolveConfig(file)), filepath: file }),
    })),
  );
}

const IN_SHORT: Readonly<Record<Level, string>> = {
  default: '',
  environment: '',
  organization: 'organization',
  'organizational-unit': 'unit',
  account: 'account',
  user: 'user',
};

function row(name: SettingName): string {
  const { schema, values, environment }: Field = FIELDS[name];
  const levels = LEVELS_OF[name].map((level) => IN_SHORT[level]).filter((level) => level !== '');
  const standard = name in DEFAULT_SETTINGS ? `\`${formatSetting(DEFAULT_SETTINGS[name])}\`` : '';
  const cells = [
    `\`${name}\``,
    schema.description ?? '',
    values,
    standard,
    levels.join(', '),
    environment === undefined ? '' : `\`${environment.name}\``,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const HEAD = ['setting', 'meaning', 'values', 'default', 'can be set for', 'environment'];
const everySetting = (): string =>
  [`| ${HEAD.join(' | ')} |`, `|${' --- |'.repeat(HEAD.length)}`, ...SETTING_NAMES.map(row)].join('\n');

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const settingsGuide = (): string =>
  Object.entries({
    'made by': "<!-- Made by `npm run docs` of scripts/settings-guide.md and src/config; don't edit. -->",
    'every setting': everySetting(),
    example: `\`\`\`yaml\n${read('examples/settings.yaml').trim()}\n\`\`\``,
  }).reduce(
    (text, [name, part]) => text.replace(`<!-- ${name} -->`, () => part),
    read('scripts/settings-guide.md'),
  );
