/** Prowler in a virtual environment of its own, .prowler-venv at the root of the repository, made once. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const folder = pathOf('../../.prowler-venv');
export const PYTHON = `${folder}/bin/python`;
const requirements = pathOf('requirements.txt');
const maker = pathOf('../../test/support/emulator/make_environment.py');

/** As bench/prowler/requirements.txt pins it; what it needs, it pins itself. */
export const VERSION = readFileSync(requirements, 'utf8').trim().replace('prowler==', '');

/**
 * Uses what is there, if it is this version and works.
 * @returns the path of the command
 * @throws Error when it can't be installed: with what pip said
 */
export async function installProwler(say: (text: string) => void): Promise<string> {
  say(`Prowler ${VERSION} from PyPI in .prowler-venv (made once: 7 minutes of one core, 2.3 GB) ...`);
  try {
    await run('python3', [maker, folder, requirements, 'prowler'], { maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(
      `Prowler ${VERSION} could not be installed. It needs Python 3.10 to 3.13 as \`python3\`, its venv module, and a` +
        ` package index that pip can reach.\n${stderr.trim()}`,
      { cause: error },
    );
  }
  return `${folder}/bin/prowler`;
}

/** `3.11.7` */
export async function pythonVersion(): Promise<string> {
  const { stdout } = await run(PYTHON, ['--version']);
  return stdout.trim().replace('Python ', '');
}
