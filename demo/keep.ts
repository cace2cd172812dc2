import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REGION } from '../test/support/world.ts';
import { heading, paragraph, say } from './screen.ts';
import type { Service } from './service.ts';
import { ACCOUNT, IGNORES } from './tour.ts';

const PROFILE = 'demo';

/** Whatever of these a shell has goes before the profile. */
const UNSET = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION'];

/** Leaves the organization running until somebody stops it. The folder with the profile goes with it. */
export async function keep(service: Service): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rotation-demo-'));
  try {
    const file = join(folder, 'config');
    await writeFile(file, profileOf(service), { mode: 0o600 });
    const stopped = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
    heading('Try it yourself');
    say(await howToUse(file, service));
    // A signal alone keeps no process alive.
    const alive = setInterval(() => undefined, 2 ** 30);
    await stopped;
    clearInterval(alive);
  } finally {
    await rm(folder, { recursive: true });
  }
  say('\nStopped. Nothing of it is left.');
}

const profileOf = ({ endpoint, operator }: Service): string =>
  [
    `[profile ${PROFILE}]`,
    `region = ${REGION}`,
    `endpoint_url = ${endpoint}`,
    `aws_access_key_id = ${operator.accessKeyId}`,
    `aws_secret_access_key = ${operator.secretAccessKey}`,
    ...(operator.sessionToken === undefined ? [] : [`aws_session_token = ${operator.sessionToken}`]),
    '',
  ].join('\n');

async function howToUse(file: string, { endpoint, world }: Service): Promise<string> {
  const idOf = (account: string) =>
    world.organization.accounts.find(({ name }) => name === account)?.id ?? '';
  const [fraud] = await world.emulator.snapshot(idOf(ACCOUNT));
  const keys = fraud?.users.find(({ userName }) => userName === IGNORES)?.keys ?? [];
  const off = keys.find(({ status }) => status === 'Inactive')?.id ?? '';
  return [
    paragraph(
      `The organization runs on ${endpoint}, and today is today there. Paste these two lines into another terminal, in this folder:`,
    ),
    '',
    `  export AWS_CONFIG_FILE=${file} AWS_PROFILE=${PROFILE}`,
    `  unset ${UNSET.join(' ')}`,
    '',
    'and then, for example:',
    '',
    '  npm run -s cli -- overview',
    '  npm run -s cli -- report --html access-keys.html',
    '  npm run -s cli -- plan',
    '  npm run -s cli -- plan --with rotateAfter=30',
    `  npm run -s cli -- status --account ${idOf('Payments')}`,
    `  npm run -s cli -- settings set rotateAfter 45 --account ${idOf('Payments')}`,
    '  npm run -s cli -- settings list',
    '  npm run -s cli -- apply',
    `  npm run -s cli -- restore --account ${idOf(ACCOUNT)} --key ${off} \\`,
    `    --reason "the scanner moves on Friday"`,
    '  npm run -s cli -- doctor',
    '',
    'Ctrl-C here stops it.',
  ].join('\n');
}
