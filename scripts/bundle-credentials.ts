/**
 * Makes one file of the command `credentials`, for a host that has Node and nothing else.
 *
 *   node scripts/bundle-credentials.ts dist/credentials.mjs
 *
 * What asks AWS is half a megabyte, and most calls don't need it: parsing it alone takes as long as
 * starting Node. So it is in the file as a text, which is compiled when it is needed.
 */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { ROOT } from './third-party.ts';

const LATER = 'src/cli/credentials-rest.ts';

const common = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/** What is compiled when it is first imported. */
async function later(): Promise<string> {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [join(ROOT, LATER)],
    format: 'cjs',
    // A module that is compiled from a text can't import, but require.
    supported: { 'dynamic-import': false },
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}

const asText = (text: string): Plugin => ({
  name: 'later',
  setup: ({ onLoad }) => {
    onLoad({ filter: /credentials-rest\.ts$/ }, () => ({
      loader: 'js',
      contents: `
        import { createRequire } from 'node:module';
        const require = createRequire(import.meta.url);
        const { compileFunction } = require('node:vm');
        const filename = import.meta.filename;
        const module = { exports: {} };
        compileFunction(${JSON.stringify(text)}, ['exports', 'require', 'module'], { filename })(
          module.exports, require, module);
        export const { printCredentials, explainLine } = module.exports;`,
    }));
  },
});

export async function bundleCredentials(outfile: string): Promise<void> {
  const plugins = [asText(await later())];
  await build({
    ...common,
    entryPoints: [join(ROOT, 'src/credentials.ts')],
    format: 'esm',
    plugins,
    outfile,
  });
  await chmod(outfile, 0o755);
}

const [outfile] = process.argv.slice(2);
if (import.meta.main && outfile !== undefined) await bundleCredentials(outfile);
