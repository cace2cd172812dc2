/** Writes the mails of docs/examples. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { chatExamples, exampleFile, exampleMails } from './example-mails.ts';

const FOLDER = 'docs/examples';

mkdirSync(FOLDER, { recursive: true });
for (const name of readdirSync(FOLDER)) rmSync(`${FOLDER}/${name}`);
for (const { path, content } of [...exampleMails().map(exampleFile), ...chatExamples()])
  writeFileSync(path, content);
