import { expect } from 'chai';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../../support/world.ts';
import { run } from '../terminal.ts';

const user = (userName: string, age: number, usedAgo = 1) => userWithKey(userName, { age, usedAgo });
const SEED: OrganizationSeed = {
  accounts: [
    { name: 'shop', users: [user('ann', 65), user('bob', 50), user('kim', 5)] },
    { name: 'data', users: [user('cem', 50)] },
  ],
};

interface Difference {
  readonly with: Readonly<Record<string, unknown>>;
  readonly keptUntilAnotherDate: number;
  readonly keys: readonly {
    readonly userName: string;
    readonly before: { readonly action: string };
    readonly after: { readonly action: string };
  }[];
}

describe('plan --with', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    world = await createWorld(emulator(), SEED);
  });
  const tried = async (...words: readonly string[]) => {
    const { stdout, code, stderr } = await run(['plan', '--json', '--with', ...words], world);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Difference;
  };
  const transitions = ({ keys }: Difference) =>
    keys.map(({ userName, before, after }) => `${userName}: ${before.action} -> ${after.action}`);

  it('shows which keys would be decided differently', async () => {
    const difference = await tried('rotateAfter=45');
    expect(transitions(difference)).to.have.members(['bob: keep -> replace', 'cem: keep -> replace']);
    expect(difference.keptUntilAnotherDate).to.equal(1);
    expect(difference.with).to.deep.equal({ rotateAfter: { from: 60, to: 45 } });
  });

  it('shows it to people, with counts', async () => {
    const { stdout } = await run(['plan', '--with', 'rotateAfter=45'], world, { columns: 130 });
    const text = stdout.replaceAll(/\u001b\[\d+m/g, '');
    expect(text).to.include('Tried for the organization: rotateAfter: 60 -> 45\n');
    expect(text).to.include('Today: replace 1\nWith these: replace 3\n');
    expect(text).to.include('2 keys would be decided differently: keep -> replace 2\n');
    expect(text).to.match(/│ bob +│ \w+ +│ +50 │ keep until 2026-01-15 +│ would replace +│/);
  });

  it('leaves what is set for an account above it, as settings set does', async () => {
    const args = ['settings', 'set', 'rotateAfter', '55', '--account', '111111111102', '--yes'];
    expect((await run(args, world)).code).to.equal(0);
    expect(transitions(await tried('rotateAfter=45'))).to.deep.equal(['bob: keep -> replace']);
  });

  it('says whom it leaves out, and when it changes nothing', async () => {
    const { keys } = await tried('excludeUsers=name:ann,name:kim');
    expect(keys.map(({ userName, after }) => [userName, after.action])).to.deep.equal([
      ['ann', 'not-covered'],
      ['kim', 'not-covered'],
    ]);
    expect((await tried('mode=enforce')).keys).to.deep.equal([]);
  });

  it('says that a mode decides nothing', async () => {
    const saysSo = async (word: string) =>
      (await run(['plan', '--with', word], world)).stdout.includes('A mode decides nothing');
    expect([await saysSo('mode=enforce'), await saysSo('rotateAfter=45')]).to.deep.equal([true, false]);
  });

  it('asks IAM each thing once, and writes nothing', async () => {
    const before = await emulator().snapshot();
    await tried('rotateAfter=45');
    const calls = (await emulator().calls()).map(({ action, accountId }) => `${action} ${accountId}`);
    const count = (action: string) => calls.filter((call) => call.startsWith(action)).length;
    expect(count('iam:ListUsers')).to.equal(3);
    expect(count('iam:ListAccessKeys')).to.equal(4);
    expect(await emulator().snapshot()).to.deep.equal(before);
  });

  const WRONG: readonly (readonly [title: string, words: readonly string[], says: readonly string[]])[] = [
    [
      'everything that is wrong, at once',
      ['rotateAfer=45', 'deleteAfter=soon', 'noticesBy', 'exemptions=x'],
      [
        '--with: rotateAfer: no such setting; did you mean rotateAfter?',
        '--with: deleteAfter: must be a number of days above 0',
        '--with: noticesBy: needs a value',
        '--with: exemptions: come by file',
      ],
    ],
    ['settings that contradict each other', ['rotateAfter=85'], ['--with: deactivateAfter']],
    [
      'what is wrong by itself, and what contradicts the rest',
      ['rotateAfter=85', 'noticesBy=mail'],
      [
        '--with: noticesBy: must be',
        '--with: deactivateAfter (default): must be more than rotateAfter (85 days)',
      ],
    ],
    ['a setting given twice', ['rotateAfter=45', 'rotateAfter=50'], ['--with: rotateAfter: is given twice']],
    ['what only a user can have', ['exemption=x'], ['--with: exemption']],
  ];
  for (const [title, words, says] of WRONG) {
    it(`refuses ${title}`, async () => {
      const { code, stderr, stdout } = await run(['plan', '--with', ...words], world);
      for (const said of says) expect(stderr).to.include(said);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    });
  }
});
