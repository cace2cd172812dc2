import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SCRIPTS } from '../../../../src/cli/commands/completion/scripts.ts';
import { HOSTILE, isThere, shellsWithScripts, type Shells } from '../../../support/completion-shells.ts';

describe('the scripts that shells load', function () {
  this.timeout(60_000);
  let shells: Shells;
  before(() => {
    shells = shellsWithScripts();
  });
  after(() => {
    shells.remove();
  });
  const inShell = (shell: string, lines: readonly string[]) => shells.run(shell, lines);

  /** What bash offers for a line, as it splits it: quotes belong to words. */
  const inBash = (words: readonly string[], type = 9): readonly string[] => {
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    const offered = inShell('bash', [
      `source '${join(shells.folder, 'bash')}'`,
      `COMP_WORDS=(access-key-rotation ${quoted.join(' ')}) COMP_CWORD=${words.length} COMP_TYPE=${type}`,
      '_access_key_rotation',
      'printf "%s\\0" "${COMPREPLY[@]}"',
    ]);
    return offered.split('\0').slice(0, -1);
  };

  it('are three, each with how to install it', () => {
    for (const [shell, text] of Object.entries(SCRIPTS)) {
      expect(text, shell)
        .to.contain('To install it')
        .and.to.contain(`access-key-rotation completion ${shell}`);
      expect(text, shell).not.to.match(/\beval\b|compgen/);
    }
  });

  it('complete in bash: one candidate without what it means, several with it', () => {
    expect(inBash(['pla'])).to.deep.equal(['plan']);
    const [one = '', ...others] = inBash(['settings', 's']);
    expect([one, ...others].map((line) => line.slice(0, 20).trim())).to.deep.equal(['show', 'set']);
    expect(one).to.match(/^show {18}show what holds/);
    expect([one, ...others].every((line) => line.length <= 78)).to.equal(true);
    expect(inBash(['settings', 's'], 37)).to.deep.equal(['show', 'set']);
    expect(inBash(['plan', '--only', '=', 'up'])).to.deep.equal(['upcoming']);
    expect(inBash(['plan', '--user', 'x'])).to.deep.equal(['']);
  });

  it('are registered in bash for the name of the program', () => {
    expect(
      inShell('bash', [`source '${join(shells.folder, 'bash')}'`, 'complete -p access-key-rotation']),
    ).to.equal('complete -F _access_key_rotation access-key-rotation\n');
  });

  it('show names of accounts, and carry out nothing that is in one', () => {
    const offered = inBash(['status', '--account', '1111']);
    expect(offered.map((line) => line.slice(0, 12))).to.deep.equal(
      HOSTILE.map((_, index) => `11112222${3300 + index}`),
    );
    expect(offered[0]).to.match(/ \$\(touch made\)$/);
    expect(offered.some((line) => /[\u0000-\u001f]/.test(line))).to.equal(false);
    expect(inBash(['status', '--account', '111122223304'])).to.deep.equal(['111122223304']);
    expect(readdirSync(shells.work)).to.deep.equal(['rotation.yml']);
  });

  it('carry out nothing that is typed in a line that is not sent off', () => {
    for (const word of HOSTILE) {
      inBash([word, 'plan', '--account', word, `--only=${word}`, word]);
      expect(readdirSync(shells.work), word).to.deep.equal(['rotation.yml']);
    }
  });

  it('take quotes away from what is typed, and ask about no more than that', () => {
    expect(inBash(['plan', '--only', '"fa'])).to.deep.equal(['failed']);
    expect(inBash(['plan', '--only', "'fa"])).to.deep.equal(['failed']);
    // Where these shells are, scripts-in-shells.long.ts asks them.
    expect(SCRIPTS.zsh).to.contain('-- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}"');
    expect(SCRIPTS.zsh).to.contain("compset -P '*='");
    expect(SCRIPTS.fish).to.contain('string unescape -- "$typed"');
    expect(SCRIPTS.fish).to.contain('-- $words[2..] "$current"');
    expect(SCRIPTS.fish).to.contain('string escape -- (');
  });

  for (const shell of ['zsh', 'fish'].filter(isThere)) {
    it(`load in ${shell}`, () => {
      const start = shell === 'zsh' ? ['autoload -Uz compinit', 'compinit -D'] : [];
      inShell(shell, [...start, `source '${join(shells.folder, shell)}'`]);
    });
  }
});
