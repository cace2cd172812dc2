/** Writes docs/settings.md, docs/settings.schema.json and docs/evidence.schema.json. */
import { writeFileSync } from 'node:fs';
import { settingsPages } from './settings-pages.ts';

for (const { file, text } of await settingsPages()) writeFileSync(file, text);
