import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { InputError } from '../../src/domain/errors.ts';
import { unzip } from './deployment.ts';
import { packagedByDefault, type Packaged } from './packaged.ts';

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
  let rotate: string;
  let watch: string;
  let journal: string;

  before(async function () {
    this.timeout(60_000);
    packaged = await packagedByDefault();
    rotate = await unzip(packaged.zips.rotate, join(packaged.folder, 'unzipped/rotate'));
    watch = await unzip(packaged.zips.watch, join(packaged.folder, 'unzipped/watch'));
    journal = await unzip(packaged.zips.journal, join(packaged.folder, 'unzipped/journal'));
  });

  it('export what the functions are told to call', async () => {
    const handlers = [
      [rotate, packaged.template.Resources['RotateLambdaFunction']],
      [watch, packaged.template.Resources['WatchLambdaFunction']],
      [journal, packaged.template.Resources['JournalLambdaFunction']],
    ] as const;
    for (const [folder, described] of handlers) {
      const name = described?.Properties['Handler'] as string;
      expect(await handlerIn(folder, name), name).to.be.a('function');
    }
  });

  it('run with nothing beside them, as far as they get without AWS', async () => {
    const handler = await handlerIn(rotate, 'src/handler.rotateOrganization');
    const error = await handler?.({ mode: 'nonsense' }, {}).catch((thrown: unknown) => thrown);
    expect(error).to.be.an('error').with.property('name', InputError.name);
    expect(String(error)).to.include('mode: must be one of audit');
  });

  it('are small enough to start fast', () => {
    expect(statSync(join(rotate, 'src/handler.mjs')).size).to.be.below(0.8 * MEGABYTE);
    expect(statSync(packaged.zips.rotate).size).to.be.below(0.7 * MEGABYTE);
    expect(statSync(join(watch, 'src/watch.mjs')).size).to.be.below(0.8 * MEGABYTE);
    expect(statSync(packaged.zips.watch).size).to.be.below(0.7 * MEGABYTE);
    expect(statSync(join(journal, 'src/journal.mjs')).size).to.be.below(0.8 * MEGABYTE);
    expect(statSync(packaged.zips.journal).size).to.be.below(0.7 * MEGABYTE);
  });

  it('bring the map that leads errors back to the source', () => {
    expect(statSync(join(rotate, 'src/handler.mjs.map')).isFile()).to.equal(true);
    expect(statSync(join(watch, 'src/watch.mjs.map')).isFile()).to.equal(true);
    expect(statSync(join(journal, 'src/journal.mjs.map')).isFile()).to.equal(true);
  });
});
