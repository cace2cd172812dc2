import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SCRIPTS } from '../../../../src/cli/commands/completion/scripts.ts';
import { HOSTILE, isThere, shellsWithScripts, type Shells } from '../../../support/completion-shells.ts';

/* In the shells themselves, where they are installed; scripts.test.ts has the texts of the scripts in any case. */

/** What fits into one line, as one would type it. */
const QUOTED = HOSTILE.filter((text) => !/[\n\u001b]/.test(text))
  .map((text) => `'${text.replaceAll("'", "'\\''")}'`)
  .join(' ');

/** As typed, and what follows from one tab: what is one fit only goes into the line. */
const LINES: readonly (readonly [typed: string, completed: string])[] = [
  ['pla', 'plan '],
  ['plan --only=up', 'plan --only=upcoming '],
  ['plan --only "fa', 'plan --only "failed" '],
  ['plan --with deactivateA', 'plan --with deactivateAfter='],
  ['status --account=444', 'status --account=444455556666 '],
  ['settings import rot', 'settings import rotation.yml '],
  ['report --html=rot', 'report --html=rotation.yml '],
  ["plan --user 'a b' --on", "plan --user 'a b' --only "],
  ['plan -- ', 'plan -- '],
  [`plan --user ${QUOTED} --on`, `plan --user ${QUOTED} --only `],
  ...['"$(touch made)', '`touch made`'].map(
    (text) => [`plan --only ${text}`, `plan --only ${text}`] as const,
  ),
];

describe('the scripts in the shells that load them', function () {
  this.timeout(120_000);
  let shells: Shells;
  before(() => {
    shells = shellsWithScripts();
  });
  after(() => {
    shells.remove();
  });

  if (isThere('zsh')) {
    it('complete in zsh, and carry out nothing', () => {
      const { folder } = shells;
      const functions = join(folder, 'functions');
      mkdirSync(functions);
      writeFileSync(join(functions, '_access-key-rotation'), SCRIPTS.zsh);
      // Zsh's own binding of the key carries out what is in the word before it completes anything.
      const settings = [
        `PS1='' fpath=('${functions}' $fpath)`,
        'autoload -Uz compinit && compinit -u -D',
        "bindkey -e; bindkey '^I' complete-word",
        'show() { print -r -- "<<$BUFFER>>" }; zle -N show; bindkey "^Xb" show',
      ];
      writeFileSync(join(folder, '.zshrc'), settings.join('\n'));
      const typed = [...LINES.map(([line]) => line), 'status --account 1111'];
      writeFileSync(join(folder, 'typed'), typed.map((line) => `access-key-rotation ${line}`).join('\n'));
      const shown = shells
        .run('zsh', [
          `zmodload zsh/zpty; export ZDOTDIR='${folder}' TERM=dumb`,
          'zpty shell zsh -i',
          `for line in "\${(@f)$(<'${folder}/typed')}"; do`,
          `  zpty -w -n shell $'\\x15'"$line"$'\\t\\x18b'`,
          '  zpty -r -m shell out \'*<<*>>*\'; print -rN -- "$out"',
          'done; zpty -d shell',
        ])
        .split('\0')
        .slice(0, -1);
      const completed = shown.map((text) => /<<access-key-rotation (.*)>>/.exec(text)?.[1]);
      expect(completed.slice(0, -1)).to.deep.equal(LINES.map(([, line]) => line));
      // Several fit: what they have in common goes into the line.
      expect(completed.at(-1)).to.equal('status --account 11112222330');
      expect(readdirSync(shells.work)).to.deep.equal(['rotation.yml']);
    });
  }

  if (isThere('fish')) {
    it('complete in fish, and carry out nothing', () => {
      const { folder } = shells;
      const asked = [
        ...LINES.map(([line]) => line).filter((line) => !line.includes('"$(')),
        'status --account 1111222233',
      ].map((line) => `access-key-rotation ${line}`);
      writeFileSync(join(folder, 'typed'), asked.join('\0'));
      const offered = shells
        .run('fish', [
          `source '${join(folder, 'fish')}'`,
          `cat '${join(folder, 'typed')}' | string split0 | while read -l line`,
          "  complete -C $line; printf '\\0'",
          'end',
        ])
        .split('\0')
        .slice(0, -1)
        .map((text) => text.split('\n').filter((line) => line !== ''));
      expect(offered[0]?.[0]).to.match(/^plan\tshow what /);
      const values = offered.map((lines) => lines.map((line) => line.split('\t')[0]));
      expect(values.slice(1, 8)).to.deep.equal([
        ['--only=upcoming'],
        ['failed'],
        ['deactivateAfter='],
        ['--account=444455556666'],
        ['rotation.yml'],
        ['--html=rotation.yml'],
        ['--only'],
      ]);
      expect(offered.at(-1)).to.have.length(HOSTILE.length);
      expect(offered.at(-1)?.[0]).to.equal('111122223300\t$(touch made)');
      expect(readdirSync(shells.work)).to.deep.equal(['rotation.yml']);
    });
  }
});
