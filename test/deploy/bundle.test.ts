import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { InputError } from '../../src/domain/errors.ts';
import { unzip } from './deployment.ts';
import { FUNCTION_NAMES, packagedWithEverything, type Packaged } from './packaged.ts';

const MEGABYTE = 1_000_000;

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** As Lambda finds it: `src/handler.rotateOrganization`. */
const handlerIn = async (folder: string, name: string): Promise<Handler | undefined> => {
  const [file = '', handler = ''] = name.split('.');
  const module = (await import(pathToFileURL(join(folder, `${file}.mjs`)).href)) as Record<string, Handler>;
  return module[handler];
};

describe('the bundles of the functions', () => {
  let packaged: Packaged;
  let folders: Record<(typeof FUNCTION_NAMES)[number], string>;

  before(async function () {
    packaged = await packagedWithEverything();
    const unzipped = FUNCTION_NAMES.map(
      async (name) =>
        [name, await unzip(packaged.zips[name], join(packaged.folder, `unzipped/${name}`))] as const,
    );
    folders = Object.fromEntries(await Promise.all(unzipped)) as typeof folders;
  });

  const resourceOf = (name: string) => `${name.replace(/^./, (first) => first.toUpperCase())}LambdaFunction`;
  const bundleOf = (name: (typeof FUNCTION_NAMES)[number]) => {
    const handler = packaged.template.Resources[resourceOf(name)]?.Properties['Handler'] as string;
    return join(folders[name], `${handler.split('.')[0] ?? ''}.mjs`);
  };

  it('export what the functions are told to call', async () => {
    for (const name of FUNCTION_NAMES) {
      const described = packaged.template.Resources[resourceOf(name)];
      const handler = described?.Properties['Handler'] as string;
      expect(await handlerIn(folders[name], handler), name).to.be.a('function');
    }
  });

  for (const [name, handlerName, event, problem] of [
    ['rotate', 'src/handler.rotateOrganization', { mode: 'nonsense' }, 'mode: must be one of audit'],
    ['list', 'src/map/list.listAccounts', { mode: 'nonsense' }, 'mode: must be one of audit'],
    ['account', 'src/map/account.rotateAccount', { runId: '../x' }, 'runId: must be the id of a run'],
    ['finish', 'src/map/finish.finishRun', { runId: 'x' }, 'runId: must be the id of a run'],
    ['page', 'src/page.keepReportPage', { detail: {} }, 'detail.object: '],
    ['findings', 'src/findings.sendRunFindings', {}, 'detail: is missing'],
  ] as const) {
    it(`run with nothing beside them, as far as they get without AWS: ${name}`, async () => {
      const handler = await handlerIn(folders[name], handlerName);
      const error = await handler?.(event, {}).catch((thrown: unknown) => thrown);
      expect(error).to.be.an('error').with.property('name', InputError.name);
      expect(String(error)).to.include(problem);
    });
  }

  it('are small enough to start fast', () => {
    for (const name of FUNCTION_NAMES) {
      expect(statSync(bundleOf(name)).size, name).to.be.below(0.84 * MEGABYTE);
      expect(statSync(packaged.zips[name]).size, name).to.be.below(0.72 * MEGABYTE);
    }
  });

  it('have what makes pages where pages are made, and nowhere else', () => {
    const makePages = FUNCTION_NAMES.filter((name) =>
      readFileSync(bundleOf(name), 'utf8').includes('Content-Security-Policy'),
    );
    expect(makePages).to.deep.equal(['page']);
    expect(statSync(bundleOf('page')).size).to.be.below(0.5 * MEGABYTE);
  });

  it('bring the map that leads errors back to the source', () => {
    for (const name of FUNCTION_NAMES) {
      expect(statSync(`${bundleOf(name)}.map`).isFile(), name).to.equal(true);
    }
  });
});
