import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import pc from 'picocolors';
import { main } from '../src/cli/main.ts';
import type { Terminal } from '../src/cli/input/terminal.ts';
import { dateOf } from '../src/domain/time.ts';
import { askedOf, mailInText, mailOf, type Asked } from './mail.ts';
import { cutOff, everyOwner, work, type Owner } from './owners.ts';
import { PAGE_FILE } from './page-file.ts';
import { everyKey, prove, type KnownKey } from './proof.ts';
import { heading, paragraph, say, typed } from './screen.ts';
import type { Service } from './service.ts';
import { weekInText, WEEKS_HEAD } from './weeks.ts';

/* An emulated organization, rotated week after week by what is deployed, and looked at with the commands that users have. */

/** Long enough for whoever moves to the new key, and for who never does. */
export const WEEKS = 5;

/** Who never reads a mail, and whose mails are read here. */
export const ACCOUNT = 'Fraud Desk';
export const IGNORES = 'svc-fraud-scan';

/** What was asked of one owner on one day. */
interface Told extends Asked {
  readonly date: string;
}

/** @returns what the process is to end with: 0 when the proof is one */
export async function showTour(service: Service): Promise<number> {
  const { world } = service;
  const terminal = terminalOf(service);
  const today = () => dateOf(world.clock.now());
  const owners = await everyOwner(world);
  const keys = await everyKey(world);
  const told: Told[] = [];
  const listen = async () => {
    const mail = mailOf(await world.emulator.notifications(), ACCOUNT);
    const asked = mail === undefined ? undefined : askedOf(mail, IGNORES);
    if (asked !== undefined) told.push({ date: today(), ...asked });
    await world.emulator.forgetNotifications();
    return mail;
  };

  heading(`${today()}: what would be done`);
  typed('access-key-rotation plan --only needs-person failed replace');
  await work(owners, world);
  await main(['plan', '--only', 'needs-person', 'failed', 'replace'], terminal);

  heading(`${today()}: it is done`);
  typed('access-key-rotation apply --yes');
  await showBeginning(['apply', '--yes'], terminal, { blocks: 1, rest: 'each key, and what was done' });
  const mail = await listen();

  heading(`One of the mails: what the readers of ${ACCOUNT} get`);
  if (mail !== undefined) say(mailInText(mail, today()));

  heading(`${WEEKS} weeks, and a run in each`);
  say(WEEKS_HEAD);
  let stopped: readonly Owner[] = [];
  for (let week = 1; week <= WEEKS; week++) {
    await world.pass(7);
    await work(owners, world);
    const report = await service.run();
    stopped = await cutOff(owners, world);
    say(weekInText({ week, date: today(), report, stopped }));
    await listen();
  }
  say('');
  say(
    paragraph(
      'Every week all owners sign calls with the key they have. Most read their secret and move to the new key; a few never look. "Cut off" counts those whose key no longer works, and "Person" the keys that a person has to decide about.',
    ),
  );

  heading(`${IGNORES} (${ACCOUNT}) ignored every mail`);
  showTold(told);
  say(whatBecameOf(stopped, today()));

  const isGood = await showProof(keys, owners, service);

  heading('The organization at one look');
  typed('access-key-rotation overview');
  const code = await showBeginning(['overview'], terminal, {
    blocks: 3,
    rest: 'each key that stands out, and each account',
  });
  heading('The same as a page');
  mkdirSync(dirname(PAGE_FILE), { recursive: true });
  typed(`access-key-rotation report --html ${PAGE_FILE}`);
  const written = await main(['report', '--html', PAGE_FILE], terminal);
  say(paragraph('Open it in a browser. Every run leaves such a page in the bucket of the stack, too.'));
  return isGood ? code || written : 1;
}

const terminalOf = ({ shell }: Service): Terminal => ({
  ...shell,
  stdout: process.stdout,
  stderr: process.stderr,
});

/** The first blocks of what a command prints, and what the rest of it is. */
async function showBeginning(
  args: readonly string[],
  terminal: Terminal,
  { blocks, rest }: { readonly blocks: number; readonly rest: string },
): Promise<number> {
  const { columns, isTTY } = process.stdout;
  const stdout = Object.assign(new PassThrough(), { columns, isTTY });
  let text = '';
  stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const code = await main(args, { ...terminal, stdout });
  const shown = text.split('\n\n').slice(0, blocks).join('\n\n');
  say(shown);
  say(pc.dim(`(${text.trimEnd().split('\n').length - shown.split('\n').length} more lines: ${rest})`));
  return code;
}

/** What is said again is not repeated. */
function showTold(told: readonly Told[]): void {
  let before: Told | undefined;
  for (const one of told) {
    const isSame = before?.what === one.what;
    const text = isSame ? 'The same again.' : `${one.what}. ${one.otherwise}`;
    say(paragraph(text, `${one.date}  `));
    before = one;
  }
}

const whatBecameOf = (stopped: readonly Owner[], today: string): string => {
  const isOff = stopped.some(({ userName }) => userName === IGNORES);
  const became = isOff
    ? 'Its old key was switched off by the run of this day, not before the date that it was told. Its calls fail now. The new key is in its secret, and the old one can be switched on again until it is deleted.'
    : 'Its old key still works.';
  return paragraph(became, `${today}  `);
};

async function showProof(
  keys: readonly KnownKey[],
  owners: readonly Owner[],
  { world }: Service,
): Promise<boolean> {
  heading('The proof, with real signed calls');
  const proof = await prove(keys, world);
  await work(owners, world);
  const lockedOut = (await cutOff(owners, world)).filter(({ adopts }) => adopts);
  const isGood =
    proof.delivered > 0 &&
    proof.deleted > 0 &&
    proof.deliveredThatWork === proof.delivered &&
    proof.deletedThatWork === 0 &&
    lockedOut.length === 0;
  say(
    `Delivered credentials that work:                     ${proof.deliveredThatWork} of ${proof.delivered}`,
  );
  say(`Deleted keys that still work:                        ${proof.deletedThatWork} of ${proof.deleted}`);
  say(`Owners who moved to their new key and were cut off:  ${lockedOut.length}`);
  say(isGood ? pc.green('As it should be.') : pc.red('This is not as it should be.'));
  return isGood;
}
