import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { columnsOf } from '../../src/cli/input/columns.ts';
import { confirm } from '../../src/cli/input/confirm.ts';
import type { Terminal } from '../../src/cli/input/terminal.ts';
import { main } from '../../src/cli/main.ts';
import { showProgress } from '../../src/cli/output/progress.ts';
import { guarded } from '../../src/cli/output/escape.ts';
import { fakeTerminal, type FakeTerminal } from '../support/terminal.ts';

/* Terminals and command lines as they should not be. Each is one bad input, and what comes of it. */

const ACCOUNT = '111122223333';
const WHY = ['--reason', 'as agreed'];
const SET = ['settings', 'set'];
const HERE = ['--account', ACCOUNT];

type Environment = Readonly<Record<string, string>>;

/** What is typed, what must be named, and whose help is. */
const LINES: readonly (readonly [
  title: string,
  args: readonly string[],
  says: RegExp,
  environment?: Environment,
])[] = [
  ['a command that there is not', ['rotate'], /unknown command 'rotate'[^]*access-key-rotation --help/],
  ['a mistyped command', ['aply'], /\(Did you mean apply\?\)/],
  [
    'a mistyped option',
    ['plan', '--acount', ACCOUNT],
    /Did you mean --account\?[^]*access-key-rotation plan --help/,
  ],
  ['an option of another command', ['plan', '--yes'], /'--yes'[^]*access-key-rotation plan --help/],
  [
    'an option without a value',
    ['status', '--account'],
    /--account <id>[^]*access-key-rotation status --help/,
  ],
  ['an option left out', ['replace', ...HERE, ...WHY], /--user <name>[^]*access-key-rotation replace --help/],
  ['words too many', ['doctor', 'now'], /too many arguments[^]*access-key-rotation doctor --help/],
  ['words too many below settings', ['settings', 'list', 'all'], /access-key-rotation settings list --help/],
  [
    'a limit that there is not',
    ['accept', ...HERE, '--limit', 'all', ...WHY],
    /Allowed choices are deactivations/,
  ],
  ['an account id too short', ['plan', '--account', '123'], /--account: must be an account id .*"123"/],
  ['an account id with dashes', ['plan', '--account', '1111-2222-3333'], /--account: .*"1111-2222-3333"/],
  ['an account id in other digits', ['plan', '--account', '１１１１２２２２３３３３'], /--account: must be/],
  ['an empty account id', ['status', '--account', ''], /--account: .*not ""/],
  ['an account id that ends in a newline', ['status', '--account', `${ACCOUNT}\n`], /--account: must be/],
  [
    'a user with its path',
    ['plan', '--user', 'team/ann'],
    /--user: .*without its path, or .*, not "team\/ann"/,
  ],
  [
    'a user below a path of its account',
    ['apply', '--yes', '--user', `${ACCOUNT}/a/b`],
    /--user: .*not "1111.*b"/,
  ],
  ...['status', 'history', 'usage'].map(
    (command) =>
      [
        `a user with its account, twice, for ${command}`,
        [command, ...HERE, '--user', `${ACCOUNT}/ann`],
        /--user: must be the name of an IAM user, without its path, not "1111.*ann"/,
      ] as const,
  ),
  [
    'a user with its account, twice, for replace',
    ['replace', ...HERE, '--user', `${ACCOUNT}/ann`, ...WHY, '--yes'],
    /--user: must be the name of an IAM user, without its path, not "1111.*ann"/,
  ],
  ...['needs-person', 'failed', 'upcoming'].map(
    (kind) =>
      [
        `to apply only ${kind}`,
        ['apply', '--yes', '--only', 'replace', kind],
        new RegExp(`--only: must be replace, deactivate, delete; of ${kind} there is nothing to carry out`),
      ] as const,
  ),
  [
    'to apply a kind that there is not',
    ['apply', '--yes', '--only', 'all'],
    /--only: must be one of replace, .*"all"/,
  ],
  ['to apply nothing', ['apply', '--yes', '--only'], /--only <what\.\.\.>' argument missing/],
  ['an empty user', ['plan', '--user', ''], /--user: must be/],
  ['a user of 65 characters', ['plan', '--user', 'a'.repeat(65)], /--user: must be/],
  ['a user that steers the terminal', ['plan', '--user', '\u001b[2Jann'], /--user: .*\\u001b/],
  ['a mode that there is not', ['apply', '--yes', '--mode', 'all'], /--mode: must be one of audit/],
  ['to apply an audit', ['apply', '--yes', '--mode', 'audit'], /--mode: .*that is the command plan/],
  ['to apply where nobody can be asked', ['apply', '--mode', 'enforce'], /--yes: must be given/],
  [
    'a reason of two characters',
    ['restore', ...HERE, '--key', 'AKIA', '--reason', 'no', '--yes'],
    /--reason: must be/,
  ],
  [
    'a reason on two lines',
    ['accept', ...HERE, '--limit', 'deletions', '--reason', 'a\nb c', '--yes'],
    /--reason: must be .* on one line/,
  ],
  ['settings for nobody', [...SET, 'rotateAfter', '45'], /say for whom/],
  [
    'settings for two',
    [...SET, 'rotateAfter', '45', ...HERE, '--organization'],
    /one of --organization, --ou/,
  ],
  [
    'a user without an account',
    [...SET, 'owner', 'x', '--user', 'ann', '--organization'],
    /--user: needs --account/,
  ],
  ['a unit that is none', [...SET, 'owner', 'x', '--ou', 'workloads'], /--ou: must be the id of/],
  ['a setting that there is not', [...SET, 'rotateafter', '45', ...HERE], /rotateafter: .*rotateAfter/],
  ['a setting without its value', [...SET, 'rotateAfter', ...HERE], /rotateAfter: needs/],
  ['two values for one', [...SET, 'rotateAfter', '45', '50', ...HERE], /takes one value, not 2/],
  [
    'an exemption in words',
    [...SET, 'exemption', 'please', ...HERE, '--user', 'a'],
    /exemption: is said with/,
  ],
  [
    'an end of what is no exemption',
    [...SET, 'owner', 'x', ...HERE, '--until', '2026-03-31'],
    /--until: belongs/,
  ],
  [
    'an address that is none',
    ['subscribe', '--email', 'team', '--all'],
    /--email: must be one e-mail address/,
  ],
  ['nobody to subscribe', ['subscribe', '--all'], /--email, --contacts: one of the two/],
  [
    'all accounts and one',
    ['subscribe', '--email', 'a@example.com', '--all', ...HERE],
    /--account, --all: one/,
  ],
  ['a variable that there is not', ['plan'], /ROTATION_MOOD: no such setting/, { ROTATION_MOOD: 'x' }],
  ['a table that is none', ['plan'], /ROTATION_TABLE_NAME: must be/, { ROTATION_TABLE_NAME: 'a b' }],
  ['no table', ['status', ...HERE], /ROTATION_TABLE_NAME: must be set/],
];

/** What a terminal says of its width, with `COLUMNS`, and what is taken for it. */
const WIDTHS: readonly (readonly [
  title: string,
  reported: unknown,
  columns: string | undefined,
  taken?: number,
])[] = [
  ['0, as under script, ssh -tt and docker -t', 0, undefined],
  ['a negative number', -80, undefined],
  ['no number', Number.NaN, undefined],
  ['without end', Infinity, undefined],
  ['half a column', 79.5, undefined],
  ['3: too narrow for a word', 3, undefined],
  ['65535: all bits set', 65_535, undefined],
  ['a text', '80', undefined],
  ['nothing, and COLUMNS is 0', undefined, '0'],
  ['nothing, and COLUMNS is empty', undefined, ''],
  ['nothing, and COLUMNS is a word', undefined, 'wide'],
  ['nothing, and COLUMNS is 1e3', undefined, '1e3'],
  ['100, and COLUMNS is a hundred digits', 100, '9'.repeat(100), 100],
  ['100, and COLUMNS is negative', 100, '-1', 100],
  ['0, and COLUMNS is 90', 0, '90', 90],
  ['100, and COLUMNS is 90', 100, '90', 90],
];

/** What is done with files, and what is wrong with them. */
const FILES: readonly (readonly [
  title: string,
  args: (folder: string) => readonly string[],
  says: RegExp,
])[] = [
  [
    'a folder that is not there',
    (at) => ['settings', 'export', join(at, 'no', 'a.yaml')],
    /ENOENT: there is no such/,
  ],
  ['a folder instead of a file', (at) => ['settings', 'export', at], /EISDIR: it is a folder/],
  [
    'a file below a file',
    (at) => ['settings', 'export', join(at, 'file', 'a.yaml')],
    /ENOTDIR: a part of its path/,
  ],
  [
    'an import of what is not there',
    (at) => ['settings', 'import', join(at, 'no.yaml')],
    /ENOENT: there is no such/,
  ],
  ['an import of a folder', (at) => ['settings', 'import', at], /EISDIR: it is a folder/],
  ['an import below a file', (at) => ['settings', 'import', join(at, 'file', 'a.yaml')], /ENOTDIR: a part/],
];

const ANSWERS = ['', 'n', 'maybe', 'yes please', 'ja', '\u0004', 'Y\u0000'];

describe('bad input at the terminal', function () {
  this.timeout(60_000); // the first of each kind loads its modules
  let server: Server;
  let calls = 0;
  let aws: NonNullable<Terminal['aws']>;
  let folder = '';
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'inside'));
    server = createServer((_, response) => {
      calls += 1;
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    aws = {
      region: 'eu-central-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
    };
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    calls = 0;
  });

  /** Types a line where AWS would answer, and nobody does. */
  async function type(args: readonly string[], environment: Environment = {}) {
    const terminal: FakeTerminal = fakeTerminal(undefined, {
      ROTATION_FUNCTION_NAME: 'none',
      ...environment,
    });
    const code = await main(args, { ...terminal, aws });
    return { code, stdout: terminal.stdoutText(), stderr: terminal.stderrText() };
  }

  for (const [title, args, says, environment] of LINES) {
    it(`${title}: 2, what would be right, and nobody was asked`, async () => {
      const { code, stdout, stderr } = await type(args, environment);
      expect(code).to.equal(2);
      expect(stderr).to.match(says).and.not.to.contain('defect');
      expect(stdout).to.equal('');
      expect(calls).to.equal(0);
    });
  }

  for (const [title, reported, columns, taken] of WIDTHS) {
    it(`a width of ${title}: ${taken ?? 'unknown'}, and the line that turns is drawn`, () => {
      expect(columnsOf(reported, columns)).to.equal(taken);
      const still = { clearLine: () => true, cursorTo: () => true, moveCursor: () => true };
      const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: reported, ...still });
      const environment = columns === undefined ? {} : { COLUMNS: columns };
      const terminal = guarded({ ...fakeTerminal(undefined, environment), stderr: stderr as never });
      const progress = showProgress(terminal, 'Planning');
      progress.accountsFound(1);
      progress.end();
      const drawn = String(stderr.read());
      expect(drawn).to.contain('Planning: 1 account');
      expect(drawn.length).to.be.below(2000);
    });
  }

  for (const [title, args, says] of FILES) {
    it(`${title}: 2, the path and why, and nothing is made`, async () => {
      const before = readdirSync(folder, { recursive: true });
      const { code, stderr } = await type(args(folder), { ROTATION_TABLE_NAME: 'a-table' });
      expect(code).to.equal(2);
      expect(stderr).to.contain(folder).and.to.match(says).and.not.to.contain('defect');
      expect(readdirSync(folder, { recursive: true })).to.deep.equal(before);
      expect(calls).to.equal(0);
    });
  }

  for (const answer of ANSWERS) {
    it(`the answer ${JSON.stringify(answer)} is no yes, and nothing is changed`, async () => {
      const terminal = fakeTerminal(undefined, {}, answer);
      expect(await confirm(terminal, 'Something will be done.\n', false)).to.equal(false);
      expect(terminal.stderrText()).to.contain('Nothing was changed.');
    });
  }

  for (const [title, endpoint, says] of [
    ['that refuses connections', 'http://127.0.0.1:9', /ECONNREFUSED[^]*Next step: .*AWS_ENDPOINT_URL/],
    ['that has no name', 'http://nowhere.invalid', /(ENOTFOUND|EAI_AGAIN)[^]*Next step: .*AWS_REGION/],
  ] as const) {
    it(`an endpoint ${title}: 1, and what to check`, async () => {
      const terminal = fakeTerminal();
      expect(await main(['plan'], { ...terminal, aws: { ...aws, endpoint } })).to.equal(1);
      expect(terminal.stderrText()).to.match(says).and.not.to.contain('defect');
    });
  }
});
