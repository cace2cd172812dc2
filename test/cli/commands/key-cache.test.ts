import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readCachedKey, writeCachedKey } from '../../../src/cli/commands/key-cache.ts';

const key = { accessKeyId: 'AKIA1', secretAccessKey: 'secret' };
const newer = { accessKeyId: 'AKIA2', secretAccessKey: 'newer' };

describe('a cached key', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'home-'));
  });
  afterEach(() => rm(home, { recursive: true }));
  const folder = () => path.join(home, '.aws', 'access-key-rotation');

  it('is none at first', async () => {
    expect(await readCachedKey(home, 'ann', 'first')).to.equal(undefined);
  });

  it('is the last one', async () => {
    await writeCachedKey(home, 'ann', 'first', key);
    await writeCachedKey(home, 'ann', 'first', newer);
    expect(await readCachedKey(home, 'ann', 'first')).to.deep.equal(newer);
    expect(await readdir(folder())).to.have.length(1);
  });

  it('is for the eyes of its owner only', async () => {
    await writeCachedKey(home, 'ann', 'first', key);
    const [file = ''] = await readdir(folder());
    expect((await stat(folder())).mode & 0o777).to.equal(0o700);
    expect((await stat(path.join(folder(), file))).mode & 0o777).to.equal(0o600);
  });

  const NAMES: readonly (readonly [user: string, profile: string])[] = [
    ['ann', 'first'],
    ['ann', 'second'],
    ['bob', 'first'],
    ['ann', '../first'],
    ['ann', 'a/b'],
    ['b', 'a--b'],
    ['b--b', 'a'],
  ];
  it('is one for each user and profile, and stays in its folder', async () => {
    for (const [index, [user, profile]] of NAMES.entries()) {
      await writeCachedKey(home, user, profile, { ...key, accessKeyId: `AKIA${index}` });
    }
    for (const [index, [user, profile]] of NAMES.entries()) {
      expect(await readCachedKey(home, user, profile)).to.include({ accessKeyId: `AKIA${index}` });
    }
    expect(await readdir(folder())).to.have.length(NAMES.length);
  });

  for (const [title, text] of [
    ['cut short', '{"accessKeyId":"AK'],
    ['empty', ''],
    ['of another form', '{"AccessKeyId":"AKIA1"}'],
  ] as const) {
    it(`is none when its file is ${title}`, async () => {
      await writeCachedKey(home, 'ann', 'first', key);
      const [file = ''] = await readdir(folder());
      await writeFile(path.join(folder(), file), text);
      expect(await readCachedKey(home, 'ann', 'first')).to.equal(undefined);
    });
  }
});
