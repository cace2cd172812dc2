/** Writes the mails of docs/examples. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { exampleFile, exampleMails } from './example-mails.ts';

const FOLDER = 'docs/examples';

mkdirSync(FOLDER, { recursive: true });
for (const name of readdirSync(FOLDER)) rmSync(`${FOLDER}/${name}`);
for (const mail of exampleMails()) {
  const { path, content } = exampleFile(mail);
  writeFileSync(path, content);
}
