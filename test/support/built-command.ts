import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleCredentials } from '../../scripts/bundle-credentials.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

export interface BuiltCommand {
  /** The path of its `cli.js`. */
  readonly cli: string;
  /** The path of the one file that has the command `credentials`. */
  readonly credentials: string;
  remove(): void;
}

/** Builds the command as `npm run build` does, elsewhere; types are checked by others. Takes some seconds. */
export async function buildCommand(): Promise<BuiltCommand> {
  const folder = mkdtempSync(join(tmpdir(), 'access-key-rotation-built-'));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const dist = join(folder, 'dist');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', dist], {
    cwd: root,
  });
  const credentials = join(dist, 'credentials.mjs');
  await bundleCredentials(credentials);
  return {
    cli: join(dist, 'cli.js'),
    credentials,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
