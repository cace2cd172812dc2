/**
 * Writes the bill of materials of what runs in production, as CycloneDX, into the file that is named,
 * or to the standard output: from the lockfile, so the same everywhere but for serial number and time.
 *
 * npm is shown the project without its devDependencies. `npm sbom --omit dev` by itself leaves out
 * every package that a devDependency needs, too: half of the AWS SDK.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { productionPackages, ROOT } from './third-party.ts';

type Json = Readonly<Record<string, unknown>>;
const read = (file: string): Json => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Json;
const withoutDev = ({ devDependencies: _, ...rest }: Json): Json => rest;

function productionLock(): Json {
  const lock = read('package-lock.json');
  const packages = Object.entries(lock['packages'] as Readonly<Record<string, Json>>)
    .filter(([, { dev }]) => dev !== true)
    .map(([path, locked]) => [path, path === '' ? withoutDev(locked) : locked] as const);
  return { ...lock, packages: Object.fromEntries(packages) };
}

function sbom(): string {
  const temporary = mkdtempSync(join(tmpdir(), 'sbom-'));
  // npm takes the name of the folder for the name of the project.
  const folder = join(temporary, 'access-key-rotation');
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(withoutDev(read('package.json'))));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(productionLock()));
    const options = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
    return execFileSync('npm', ['sbom', ...options], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const text = sbom();
const { components = [] } = JSON.parse(text) as { readonly components?: readonly unknown[] };
const expected = productionPackages().length;
if (components.length !== expected) {
  throw new Error(`npm names ${components.length} components, and the lockfile has ${expected}`);
}
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);
