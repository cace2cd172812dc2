import { execFile } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { InputError } from '../../src/domain/refusal.ts';
import { packagedByDefault, type Packaged } from './packaged.ts';

const run = promisify(execFile);
const MEGABYTE = 1_000_000;

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

describe('the bundle of the function', () => {
  let packaged: Packaged;
  let folder: string;
  let handler: Handler;

  before(async function () {
    this.timeout(60_000);
    packaged = await packagedByDefault();
    folder = join(packaged.folder, 'unzipped');
    mkdirSync(folder, { recursive: true });
    await run('python3', ['-m', 'zipfile', '-e', packaged.zip, folder]);
    const file = pathToFileURL(join(folder, 'src/handler.mjs')).href;
    handler = ((await import(file)) as { rotateOrganization: Handler }).rotateOrganization;
  });

  it('exports what the function is told to call', () => expect(handler).to.be.a('function'));

  it('runs with nothing beside it, as far as it gets without AWS', async () => {
    const error = await handler({ mode: 'nonsense' }, {}).catch((thrown: unknown) => thrown);
    expect(error).to.be.an('error').with.property('name', InputError.name);
    expect(String(error)).to.include('mode: must be one of audit');
  });

  it('is small enough to start fast', () => {
    expect(statSync(join(folder, 'src/handler.mjs')).size).to.be.below(0.8 * MEGABYTE);
    expect(statSync(packaged.zip).size).to.be.below(0.7 * MEGABYTE);
  });

  it('brings the map that leads errors back to the source', () => {
    expect(statSync(join(folder, 'src/handler.mjs.map')).isFile()).to.equal(true);
  });
});
