import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import sinon from 'sinon';
import {
  ASKED,
  hostForThisFile,
  NEW,
  OLD,
  PLACE,
  profileWith,
  secretWith,
} from '../../support/workload-host.ts';

/* One bad input each: what ends it, what is said, and that nothing has changed. */

describe('bad input: credentials, the machine', () => {
  const host = hostForThisFile();
  afterEach(() => {
    sinon.restore();
    syncBuiltinESMExports();
  });

  describe('what is odd about the machine is said, and the key is printed:', () => {
    let elsewhere: string;
    beforeEach(() => {
      elsewhere = mkdtempSync(path.join(tmpdir(), 'elsewhere-'));
      host().situation = { secret: () => secretWith(NEW) };
    });
    afterEach(() => {
      rmSync(elsewhere, { recursive: true });
    });
    const folder = () => path.dirname(host().state);
    const plant = (text: string, mode = 0o600) => {
      host().write('.aws/access-key-rotation/first--ann.json', text);
      chmodSync(host().state, mode);
    };
    /** A link in the folder that is ours. */
    const link = (to: string) => {
      mkdirSync(folder(), { recursive: true, mode: 0o700 });
      symlinkSync(to, host().state);
    };
    const planted = JSON.stringify({ accessKeyId: 'AKIAPLANTED', secretAccessKey: 'x' });

    /** What each finds, what is said of it, and whether the key can be remembered after all. */
    const ODD: readonly (readonly [title: string, prepare: () => void, says: string, remembered: boolean])[] =
      [
        [
          'a file in the place of the folder',
          () => void host().write('.aws/access-key-rotation', ''),
          'is no directory',
          false,
        ],
        [
          'a link in the place of the folder',
          () => symlinkSync(elsewhere, folder()),
          'is no directory',
          false,
        ],
        [
          'a link to nowhere in the place of the folder',
          () => symlinkSync('/nowhere', folder()),
          'access-key-rotation',
          false,
        ],
        [
          'a folder others may write into',
          () => {
            mkdirSync(folder());
            chmodSync(folder(), 0o777);
          },
          'can be written by others',
          false,
        ],
        [
          'a folder in the place of the file',
          () => void mkdirSync(host().state, { recursive: true }),
          'is a directory',
          false,
        ],
        [
          'a link in the place of the file',
          () => {
            writeFileSync(path.join(elsewhere, 'x'), planted);
            link(path.join(elsewhere, 'x'));
          },
          'is a link',
          true,
        ],
        [
          'a link to nowhere in the place of the file',
          () => link(path.join(elsewhere, 'new')),
          'is a link',
          true,
        ],
        ['a file others may write', () => plant(planted, 0o666), 'can be written by others', true],
        [
          'a file others may read',
          () => plant(JSON.stringify({ accessKeyId: OLD, secretAccessKey: 'secret' }), 0o644),
          'could be read by others',
          true,
        ],
        ['a file that was cut short', () => plant('{"remembered":{"key":{"acc'), 'is damaged', true],
        ['an empty file', () => plant(''), 'is damaged', true],
        ['a file of another form', () => plant('{"AccessKeyId":"AKIA1"}'), 'is damaged', true],
        ['a file that holds a list', () => plant('[]'), 'is damaged', true],
        [
          'a file with line breaks in the key',
          () => plant('{"accessKeyId":"A\\nB","secretAccessKey":"x"}'),
          'is damaged',
          true,
        ],
        ['a file far too large', () => plant(' '.repeat(100_000)), 'too large', true],
      ];
    for (const [title, prepare, says, remembered] of ODD) {
      it(title, async () => {
        prepare();
        const { code, key, stderr } = await host().ask();
        expect([code, key], stderr).to.deep.equal([0, NEW]);
        expect(stderr).to.include(says);
        expect(readdirSync(elsewhere).filter((name) => name !== 'x')).to.deep.equal([]);
        if (remembered) {
          expect(lstatSync(host().state).mode & 0o777).to.equal(0o600);
          expect(readFileSync(host().state, 'utf8')).to.include(NEW);
          expect((await host().ask()).stderr).to.equal('');
        } else expect(stderr).to.include('the key is not remembered');
      });
    }

    const BY_ERROR: readonly (readonly [
      title: string,
      name: 'openSync' | 'writeSync' | 'mkdirSync' | 'renameSync',
      code: string,
      says: string,
    ])[] = [
      ['a home that is read-only', 'mkdirSync', 'EROFS', 'read-only file system'],
      ['a home that belongs to root', 'mkdirSync', 'EACCES', 'may not be read or written'],
      ['a full disk', 'writeSync', 'ENOSPC', 'no space left'],
      ['a used-up quota', 'writeSync', 'EDQUOT', 'no space left'],
      ['a rename that fails', 'renameSync', 'EPERM', 'may not be read or written'],
      ['a name that is taken meanwhile', 'openSync', 'EEXIST', 'access-key-rotation'],
      ['an error nobody knows', 'renameSync', 'EWHATEVER', 'EWHATEVER'],
    ];
    for (const [title, name, code, says] of BY_ERROR) {
      it(title, async () => {
        sinon.stub(fs, name).throws(Object.assign(new Error(code), { code }));
        syncBuiltinESMExports();
        const { code: exitCode, key, stderr } = await host().ask();
        expect([exitCode, key], stderr).to.deep.equal([0, NEW]);
        expect(stderr).to.include(says).and.to.include('the key is not remembered');
        expect(Object.keys(host().files())).to.deep.equal(['.aws/credentials']);
      });
    }

    it('a file that belongs to another user', async () => {
      host().write('.aws/access-key-rotation/first--ann.json', planted);
      sinon.stub(process, 'getuid').returns(54_321);
      const { code, key, stderr } = await host().ask();
      expect([code, key], stderr).to.deep.equal([0, NEW]);
      expect(stderr).to.include('belongs to another user');
      expect(readFileSync(host().state, 'utf8')).to.equal(planted);
    });

    for (const [title, home] of [
      ['no home', undefined],
      ['an empty home', ''],
      ['a home within the working directory', 'home'],
    ] as const) {
      it(`${title}, and the working directory stays as it is`, async () => {
        const before = readdirSync('.');
        const files = { AWS_SHARED_CREDENTIALS_FILE: path.join(host().home, '.aws/credentials') };
        const { code, key, stderr } = await host().ask(ASKED, { ...files, HOME: home });
        expect([code, key], stderr).to.deep.equal([0, NEW]);
        expect(stderr).to.include('HOME is not set to a directory');
        expect(readdirSync('.')).to.deep.equal(before);
      });
    }

    it('a profile whose name is too long for a file', async () => {
      const name = 'p'.repeat(300);
      host().write('.aws/credentials', profileWith(OLD, name));
      const { code, key, stderr } = await host().ask(['--user', 'ann', '--from', name, '--region', PLACE]);
      expect([code, key], stderr).to.deep.equal([0, NEW]);
      expect(stderr).to.include('ENAMETOOLONG');
    });
  });
});
