import { readFileSync } from 'node:fs';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { parse } from 'yaml';

interface Service {
  readonly functions: Readonly<Record<string, { readonly handler: string }>>;
  readonly custom: {
    readonly esbuild: Pick<BuildOptions, 'bundle' | 'minify' | 'format' | 'mainFields' | 'banner'> & {
      readonly target: string;
      readonly exclude: string[];
    };
  };
}

export interface Bundle {
  /** Of the function. */
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly metafile: Metafile;
}

/** Every function, bundled into a folder as serverless-esbuild does it by the settings of serverless.yml. */
export async function bundleFunctions(folder: string): Promise<readonly Bundle[]> {
  const { functions, custom } = parse(readFileSync('serverless.yml', 'utf8'), {
    logLevel: 'error',
  }) as Service;
  const { bundle, minify, format, target, mainFields, exclude, banner } = custom.esbuild;
  return Promise.all(
    Object.entries(functions).map(async ([name, { handler }]) => {
      const file = `${folder}/${name}.mjs`;
      const { metafile } = await build({
        entryPoints: [handler.replace(/\.\w+$/, '.ts')],
        outfile: file,
        platform: 'node',
        metafile: true,
        external: exclude,
        ...{ bundle, minify, format, target, mainFields, banner },
      } as BuildOptions & { metafile: true });
      return { name, file, bytes: readFileSync(file).length, metafile };
    }),
  );
}
