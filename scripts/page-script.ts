import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/* Script and style of the report page as a module of ours: the same one for source, package and function. */

const file = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

export const ASSETS = file('src/report/page/assets.ts');

export async function pageAssets(): Promise<string> {
  const make = async (entry: string): Promise<string> => {
    const { outputFiles } = await build({
      entryPoints: [file(entry)],
      bundle: true,
      minify: true,
      // What browsers of the last two years know.
      target: ['chrome123', 'firefox123', 'safari17.5'],
      charset: 'ascii',
      write: false,
    });
    return (outputFiles[0]?.text ?? '').trim();
  };
  const [script, style] = await Promise.all([make('browser/main.ts'), make('browser/page.css')]);
  return `/* Made by \`npm run page\` from browser/. What is changed here is lost. */

export const SCRIPT = ${inSource(script)};

export const STYLE = ${inSource(style)};
`;
}

/** Nothing that would end the element it stands in. */
function inSource(text: string): string {
  if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error('it would end the element that it stands in');
  return JSON.stringify(text);
}

/** What is in the repository now. */
export const committedAssets = (): string => readFileSync(ASSETS, 'utf8');
