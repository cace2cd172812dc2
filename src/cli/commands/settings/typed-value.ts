import { FIELDS } from '../../../config/setting-schema.ts';
import type { SettingName } from '../../../domain/settings/setting.ts';

/** What a word means as the value of a setting; whether it is a good one is another question. */
export const typedValue = (name: SettingName, word: string): unknown =>
  FIELDS[name].schema.safeParse(word).success ? word : typed(word);

/** The number or the truth value that a word stands for, as YAML has it. */
const typed = (word: string): unknown =>
  /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : /^(true|false)$/.test(word) ? word === 'true' : word;
