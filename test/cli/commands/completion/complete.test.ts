import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { rememberAccounts } from '../../../../src/cli/commands/completion/known-accounts.ts';
import { main } from '../../../../src/cli/main.ts';
import { SETTING_NAMES } from '../../../../src/domain/settings/setting.ts';
import { fakeTerminal } from '../../../support/terminal.ts';

const ACCOUNTS = [
  { id: '111122223333', name: 'Payments' },
  { id: '111144445555', name: 'Web Shop' },
  { id: '444455556666', name: 'Sandbox' },
];

describe('what completion answers', () => {
  let cache: string;
  before(() => {
    cache = mkdtempSync(join(tmpdir(), 'completion-'));
    rememberAccounts(ACCOUNTS, { environment: { XDG_CACHE_HOME: cache } });
  });
  after(() => {
    rmSync(cache, { recursive: true });
  });

  /** The kind, and the values without what they mean. */
  async function answer(shell: string, words: readonly string[]): Promise<readonly string[]> {
    const terminal = fakeTerminal(undefined, { XDG_CACHE_HOME: cache });
    expect(await main(['complete', shell, '--', ...words], terminal)).to.equal(0);
    expect(terminal.stderrText()).to.equal('');
    return terminal
      .stdoutText()
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '');
  }

  const KINDS = ['needs-person', 'failed', 'replace', 'deactivate', 'delete', 'upcoming'];
  const rows: readonly (readonly [line: string, expected: readonly string[]])[] = [
    ['pl', ['values', 'plan']],
    ['re', ['values', 'report', 'replace', 'restore']],
    ['nothing-like-it ', ['values']],
    ['--', ['values', '--version', '--help']],
    ['plan --ac', ['values', '--account']],
    ['plan --account ', ['values', '111122223333', '111144445555', '444455556666']],
    ['plan --account 1111', ['values', '111122223333', '111144445555']],
    ['plan --account 111122223333 1', ['values', '111144445555']],
    ['plan --account=44', ['values', '--account=444455556666']],
    ['status --account 444', ['values', '444455556666']],
    ['status --account 444455556666 --us', ['values', '--user']],
    ['status --account 444455556666 --acc', ['values']],
    ['plan --only ', ['values', ...KINDS]],
    ['plan --only failed de', ['values', 'deactivate', 'delete']],
    ['plan --only failed --qu', ['values', '--quiet']],
    ['plan --only=up', ['values', '--only=upcoming']],
    ['plan --with deactivateA', ['unfinished', 'deactivateAfter=']],
    ['apply --only ', ['values', 'replace', 'deactivate', 'delete']],
    ['apply --only replace d', ['values', 'deactivate', 'delete']],
    ['apply --ow', ['values', '--owner']],
    ['apply --mode ', ['values', 'replace-only', 'no-delete', 'enforce']],
    ['accept --limit d', ['values', 'deactivations', 'deletions']],
    ['subscribe --contacts ', ['values', 'organization', 'security']],
    ['settings se', ['values', 'set']],
    ['settings set rotate', ['values', 'rotateAfter']],
    ['settings set ', ['values', ...SETTING_NAMES]],
    ['settings unset mo', ['values', 'mode']],
    ['settings set mode ', ['values', 'audit', 'replace-only', 'no-delete', 'enforce']],
    ['settings set mode enforce --ou', ['values', '--ou']],
    ['settings set rotateAfter 4', ['values']],
    ['settings import ', ['files']],
    ['settings export --format ', ['values', 'yaml', 'json']],
    ['report --html ', ['files']],
    ['completion ', ['values', 'bash', 'zsh', 'fish']],
    ['plan --user svc', ['values']],
    ['plan --unknown --js', ['values', '--json']],
    ['plan -- --js', ['values']],
    ['plan -- ', ['values']],
    ['report --html=se', ['files']],
  ];
  for (const [line, expected] of rows) {
    it(`is for "${line}": ${expected.slice(0, 7).join(' ')}`, async () => {
      expect(await answer('zsh', line.split(' '))).to.deep.equal(expected);
    });
  }

  it('says what a value means: of an account its name', async () => {
    const terminal = fakeTerminal(undefined, { XDG_CACHE_HOME: cache });
    await main(['complete', 'fish', '--', 'status', '--account', '1111'], terminal);
    expect(terminal.stdoutText()).to.equal('values\n111122223333 Payments\n111144445555 Web Shop\n');
  });

  it('never has the command that scripts call, which is no command for people', async () => {
    expect(await answer('zsh', ['comp'])).to.deep.equal(['values', 'completion']);
  });

  it('has for bash, to which a = ends a word, what follows the sign', async () => {
    for (const [words, expected] of [
      [
        ['plan', '--only', '=', 'fa'],
        ['values', 'failed'],
      ],
      [
        ['plan', '--only', '='],
        ['values', ...KINDS],
      ],
      [['plan', '--with', 'rotateAfter', '=', '4'], ['values']],
      [
        ['plan', '--with', 'rotateAfter', '=', '45', 'deleteA'],
        ['unfinished', 'deleteAfter='],
      ],
    ] as const) {
      const found = await answer('bash', words);
      // Nothing fits, whatever the kind.
      expect(expected.length === 1 ? found.slice(1) : found, words.join(' ')).to.deep.equal(
        expected.length === 1 ? [] : expected,
      );
    }
  });

  it('is nothing but the rest where no overview has been shown yet', async () => {
    const terminal = fakeTerminal(undefined, { XDG_CACHE_HOME: join(cache, 'empty') });
    await main(['complete', 'zsh', '--', 'status', '--account', ''], terminal);
    expect(terminal.stdoutText()).to.equal('values\n');
  });
});
