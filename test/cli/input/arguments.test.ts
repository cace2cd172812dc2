import { expect } from 'chai';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { run } from '../terminal.ts';

describe('a command line', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [] });
  });
  const noTable = { ROTATION_TABLE_NAME: '', ROTATION_TOPIC_ARN: '' };
  const problemsIn = (stderr: string) =>
    stderr
      .split('\n')
      .filter((line) => line.startsWith('  - '))
      .map((line) => line.slice(4).split(':')[0]);

  const LINES: readonly (readonly [title: string, args: readonly string[], says: RegExp])[] = [
    ['nothing', [], /Usage: access-key-rotation/],
    ['an unknown command', ['rotate'], /unknown command 'rotate'/],
    ['an unknown option', ['plan', '--yes'], /unknown option '--yes'/],
    ['an unknown option of the program', ['--json'], /unknown option '--json'/],
    ['an option without its value', ['plan', '--account'], /argument missing/],
    ['an argument too many', ['plan', 'everything'], /too many arguments/],
    ['a bad account id', ['plan', '--account', '123'], /twelve digits, not "123"/],
    [
      'a bad user name',
      ['plan', '--user', 'team/ann'],
      /without its path, or ACCOUNT\/NAME .+, not "team\/ann"/,
    ],
    ['to apply an audit', ['apply', '--yes', '--mode', 'audit'], /--mode: must be replace-only.+plan/],
    ['to apply an unknown mode', ['apply', '--yes', '--mode', 'all'], /must be one of audit, .+, not "all"/],
    ['a mode for the plan', ['plan', '--mode', 'enforce'], /unknown option '--mode'/],
  ];
  for (const [title, args, says] of LINES) {
    it(`that asks for ${title} ends with 2, says so on stderr, and does nothing`, async () => {
      const { code, stdout, stderr } = await run(args, world);
      expect(code).to.equal(2);
      expect(stderr).to.match(says);
      expect(stdout).to.equal('');
      expect(await emulator().calls()).to.deep.equal([]);
    });
  }

  for (const blank of ['', ' ', 'audit']) {
    it(`to apply needs a mode when ROTATION_MODE is "${blank}"`, async () => {
      const { code, stderr } = await run(['apply', '--yes'], world, {
        environment: { ROTATION_MODE: blank },
      });
      expect(code).to.equal(2);
      expect(stderr).to.contain('ROTATION_MODE: must be');
    });
  }

  for (const [title, args, environment, expected] of [
    [
      'account id and settings',
      ['plan', '--account', '123'],
      { ROTATION_ROLE_NAME: 'a b', ROTATION_DELETE_AFTER_DAYS: 'x' },
      ['--account', 'ROTATION_ROLE_NAME', 'ROTATION_DELETE_AFTER_DAYS'],
    ],
    [
      'two account ids, a user and a threshold',
      ['plan', '--account', '1', '2', '--user', 'a b'],
      { ROTATION_DELETE_AFTER_DAYS: '1' },
      ['--account', '--account', '--user', 'ROTATION_DELETE_AFTER_DAYS'],
    ],
    [
      'account id and what a changing mode needs',
      ['apply', '--yes', '--account', '123'],
      { ...noTable, ROTATION_MODE: 'enforce' },
      ['--account', 'ROTATION_TABLE_NAME', 'ROTATION_TOPIC_ARN'],
    ],
    [
      'account id, but not what only a changing mode needs,',
      ['plan', '--account', '123'],
      { ...noTable, ROTATION_MODE: 'enforce' },
      ['--account'],
    ],
  ] as const) {
    it(`gets all problems with ${title} at once, and nothing is called`, async () => {
      const { code, stderr } = await run(args, world, { environment });
      expect(code).to.equal(2);
      expect(problemsIn(stderr)).to.have.members([...expected]);
      expect(await emulator().calls()).to.deep.equal([]);
    });
  }

  it('to apply needs table and topic', async () => {
    const { code, stderr } = await run(['apply', '--yes'], world, {
      environment: { ...noTable, ROTATION_MODE: 'enforce' },
    });
    expect(code).to.equal(2);
    expect(problemsIn(stderr)).to.have.members(['ROTATION_TABLE_NAME', 'ROTATION_TOPIC_ARN']);
  });

  it('to plan needs neither', async () => {
    const environment = { ...noTable, ROTATION_MODE: 'enforce' };
    expect((await run(['plan'], world, { environment })).code).to.equal(0);
  });

  for (const [args, parts] of [
    [['--help'], ['Usage: access-key-rotation', 'plan', 'apply', '--version']],
    [
      ['plan', '--help'],
      [
        'Usage: access-key-rotation plan',
        '--account',
        '--user',
        '--json',
        'Examples:\n  access-key-rotation plan ',
      ],
    ],
    [
      ['apply', '--help'],
      ['--mode', 'ROTATION_MODE', '--owner', '--only', 'Examples:\n  access-key-rotation apply --mode '],
    ],
    [
      ['help', 'plan'],
      ['Usage: access-key-rotation plan', 'Examples:'],
    ],
    [['--version'], ['0.1.0']],
  ] as const) {
    it(`is explained by ${args.join(' ')}, on stdout`, async () => {
      const { code, stdout, stderr } = await run(args, world);
      expect(code).to.equal(0);
      for (const part of parts) expect(stdout).to.contain(part);
      expect(stderr).to.equal('');
    });
  }

  for (const command of [
    ...['plan', 'apply', 'status', 'history', 'replace', 'restore', 'accept', 'subscribe', 'doctor'],
    ...['credentials', 'settings'],
    ...['show', 'list', 'set', 'unset', 'import', 'export'].map((name) => `settings ${name}`),
  ]) {
    it(`${command} --help shows an example`, async () => {
      const { code, stdout } = await run([...command.split(' '), '--help'], world);
      expect(code).to.equal(0);
      expect(stdout).to.match(/\nExamples?[^\n]*:\n[^]*access-key-rotation /);
    });
  }

  it('whose example is right is accepted', async () => {
    for (const [command, wrong] of [
      // All that is wrong with it here is the unit or the account: there are none.
      ['plan', /--ou.*ou-ab12-34cd56ef/],
      ['apply', /--account 111122223333: the organization has no such account/],
    ] as const) {
      const { stdout } = await run([command, '--help'], world);
      const example = /Examples?:\n {2}access-key-rotation (.*)/.exec(stdout)?.[1]?.trim() ?? '';
      const { stderr } = await run(example.split(' '), world, {
        environment: { ROTATION_MODE: 'enforce' },
        answer: 'y',
      });
      expect(stderr).to.match(wrong);
    }
  });
});
