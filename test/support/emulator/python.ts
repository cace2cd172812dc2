/**
 * Finds a Python that has the emulator's packages: the system's, or a virtual environment in
 * .emulator-venv at the root of the repository, made once.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const folder = fileURLToPath(new URL('../../../.emulator-venv', import.meta.url));
const requirementsFile = fileURLToPath(new URL('requirements.txt', import.meta.url));
const makerFile = fileURLToPath(new URL('make_environment.py', import.meta.url));
const systemPython = 'python3';
const venvPython = `${folder}/bin/python`;

// Looks at what is installed without importing it, which takes ten times as long.
const probe = `
import sys
from importlib.metadata import version
assert sys.version_info >= (3, 10)
for requirement in open(sys.argv[1]):
    name, _, pinned = requirement.strip().partition('==')
    assert version(name) == pinned or name != 'moto'
`;

let found: Promise<string> | undefined;

/** Looks once: every file of tests starts an emulator. */
export function findPython(quiet: boolean): Promise<string> {
  return (found ??= lookForPython(quiet));
}

async function lookForPython(quiet: boolean): Promise<string> {
  const forced = process.env['EMULATOR_PYTHON'] === 'venv';
  if (!forced && (await hasPackages(systemPython))) return systemPython;
  if (!madeFrom(requirementsFile) || !(await hasPackages(venvPython))) await makeEnvironment(quiet);
  return venvPython;
}

async function hasPackages(python: string): Promise<boolean> {
  try {
    await run(python, ['-c', probe, requirementsFile]);
    return true;
  } catch {
    return false;
  }
}

function madeFrom(requirements: string): boolean {
  const marker = `${folder}/made-from`;
  if (!existsSync(marker)) return false;
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  return readFileSync(marker, 'utf8') === wanted;
}

async function makeEnvironment(quiet: boolean): Promise<void> {
  if (!quiet) {
    process.stderr.write(
      'Making a Python environment with moto 5.2.1 in .emulator-venv (once, about 165 MB) ...\n',
    );
  }
  try {
    await run(systemPython, [makerFile, folder, requirementsFile, 'moto', 'flask', 'openapi_spec_validator']);
  } catch (problem) {
    throw new Error(adviceOn(problem), { cause: problem });
  }
}

function adviceOn(problem: unknown): string {
  const { code, stderr = '' } = problem as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') {
    return 'The AWS emulator of the tests needs Python 3.10 or newer: install it so that `python3` is on the PATH.';
  }
  const next = /ensurepip|No module named venv/.test(stderr)
    ? "Install Python's venv module (Debian, Ubuntu: apt-get install python3-venv) and try again."
    : 'Make sure that Python is 3.10 or newer and that pip can reach its package index, and try again;' +
      ' or install test/support/emulator/requirements.txt for `python3` yourself.';
  return `The AWS emulator of the tests needs a Python environment, and making it failed. ${next}\n${stderr.trim()}`;
}
