import { readFileSync } from 'node:fs';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { parse } from 'yaml';

type Functions = Readonly<Record<string, { readonly handler: string }>>;

interface Service {
  /** The last part is a reference to those of `custom`. */
  readonly functions: readonly (Functions | string)[];
  readonly custom: {
    readonly functionsOf: { readonly map: Functions };
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
  const parts = [...functions.filter((one) => typeof one !== 'string'), custom.functionsOf.map];
  return Promise.all(
    parts.flatMap(Object.entries<{ readonly handler: string }>).map(async ([name, { handler }]) => {
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
