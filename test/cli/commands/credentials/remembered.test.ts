import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import {
  configChangedAt,
  holds,
  recall,
  stateFileOf,
  type Answer,
  type Question,
} from '../../../../src/cli/commands/credentials/remembered.ts';
import { writeState } from '../../../../src/cli/commands/credentials/write-state.ts';
import { HOUR, MINUTE } from '../../../../src/domain/time.ts';

const key = { accessKeyId: 'AKIA1', secretAccessKey: 'secret' };
const newer = { accessKeyId: 'AKIA2', secretAccessKey: 'newer' };
const NOW = Date.UTC(2026, 2, 1);

describe('what is remembered of a key', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'home-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });
  const folder = () => path.join(home, '.aws', 'access-key-rotation');
  const fileOf = (userName = 'ann', profile = 'first') =>
    stateFileOf({ HOME: home }, { userName, profile }) ?? '';
  const remember = (answer: Answer, file = fileOf()) => writeState(file, JSON.stringify(answer));

  it('is nothing at first', () => {
    expect(recall(fileOf())).to.deep.equal({});
  });

  it('is the last key, whose it is, and where its secret is', () => {
    const more = {
      arn: 'arn:aws:iam::111122223333:user/ann',
      profileKeyId: 'AKIA1',
      secret: { region: 'eu-central-1', id: 'access-key-rotation/ann' },
      searched: { at: NOW, region: 'eu-central-1' },
    };
    expect(remember({ remembered: { key } })).to.equal(undefined);
    expect(remember({ remembered: { key: newer, ...more } })).to.equal(undefined);
    expect(recall(fileOf())).to.deep.equal({ remembered: { key: newer, ...more } });
    expect(readdirSync(folder())).to.have.length(1);
  });

  it('is for the eyes of its owner only', () => {
    remember({ remembered: { key } });
    expect(statSync(folder()).mode & 0o777).to.equal(0o700);
    expect(statSync(fileOf()).mode & 0o777).to.equal(0o600);
  });

  it('is a key that the first version remembered', () => {
    remember({});
    writeFileSync(fileOf(), JSON.stringify(key));
    expect(recall(fileOf())).to.deep.equal({ remembered: { key } });
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
  it('is one for each user and profile, and stays in its folder', () => {
    for (const [index, [user, profile]] of NAMES.entries()) {
      remember({ remembered: { key: { ...key, accessKeyId: `AKIA${index}` } } }, fileOf(user, profile));
    }
    for (const [index, [user, profile]] of NAMES.entries()) {
      expect(recall(fileOf(user, profile)).remembered?.key).to.include({ accessKeyId: `AKIA${index}` });
    }
    expect(readdirSync(folder())).to.have.length(NAMES.length);
  });

  it('is nowhere without a home, least of all in the working directory', () => {
    const question = { userName: 'ann', profile: 'first' };
    for (const environment of [{}, { HOME: '' }, { HOME: '.' }, { HOME: 'relative/home' }]) {
      expect(stateFileOf(environment, question), JSON.stringify(environment)).to.equal(undefined);
    }
  });

  describe('holds without asking AWS', () => {
    const asked: Question = { userName: 'ann', profile: 'first', region: 'eu-central-1' };
    const files = [1, 2];
    const answer: Answer = {
      remembered: { key },
      holdsUntil: NOW + HOUR,
      question: asked,
      configChangedAt: files,
    };
    const CASES: readonly (readonly [
      title: string,
      expected: boolean,
      change: { asked?: Partial<Question>; now?: number; files?: readonly number[]; answer?: Answer },
    ])[] = [
      ['at once', true, {}],
      ['for just under an hour', true, { now: NOW + HOUR - 1 }],
      ['not for an hour', false, { now: NOW + HOUR }],
      ['not when the clock was set back', false, { now: NOW - MINUTE }],
      ['not for another user', false, { asked: { userName: 'bob' } }],
      ['not for another secret', false, { asked: { secret: 'other' } }],
      ['not for another account', false, { asked: { accountId: '111122223333' } }],
      ['not for another region', false, { asked: { region: 'us-east-1' } }],
      ['not at another endpoint', false, { asked: { endpoint: 'http://127.0.0.1:9' } }],
      ['not when the config files were changed', false, { files: [1, 3] }],
      ['not when nobody said for how long', false, { answer: { remembered: { key } } }],
    ];
    for (const [title, expected, change] of CASES) {
      it(title, () => {
        const held = holds(
          change.answer ?? answer,
          { ...asked, ...change.asked },
          change.files ?? files,
          change.now ?? NOW,
        );
        expect(held).to.equal(expected);
      });
    }

    it('for whoever leaves the region to the config files', () => {
      expect(holds(answer, { userName: 'ann', profile: 'first' }, files, NOW)).to.equal(true);
    });

    it('as long as the config files are the same, where AWS looks for them', () => {
      const file = path.join(home, 'elsewhere');
      writeFileSync(file, '');
      const [first, second] = configChangedAt({ HOME: home, AWS_CONFIG_FILE: file });
      expect([first, second]).to.deep.equal([0, statSync(file).mtimeMs]);
    });
  });
});
