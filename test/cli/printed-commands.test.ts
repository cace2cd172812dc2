import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { main } from '../../src/cli/main.ts';
import { replaceByHand, showSettingsOf } from '../../src/domain/commands.ts';
import { acceptLimit } from '../../src/report/common/shell.ts';
import { fakeTerminal } from '../support/terminal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ACCOUNT = '111122223333';
const user = { userArn: `arn:aws:iam::${ACCOUNT}:user/svc-ledger`, userName: 'svc-ledger' };
const odd = { userArn: `arn:aws:iam::${ACCOUNT}:user/team/-a+b=c,d.e@f_g`, userName: '-a+b=c,d.e@f_g' };

/** What the parts of a command in a template stand for. */
const VALUES: readonly (readonly [part: RegExp, value: string])[] = [
  [/\$\{[^}]*$/g, '--all'], // one of two options
  [/\$\{[^}]*\}/g, ACCOUNT],
  [/\bADDRESS\b/g, 'security@example.com'],
  [/\b(ID)\b/g, ACCOUNT],
  [/\bNAME\b/g, 'svc-ledger'],
];

/** Each command with options that a text of the program has in it; the reports and digests print these. */
function commandsInTexts(): readonly string[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return files.flatMap((name) => {
    // Help and options have their examples tried in arguments.test.ts.
    if (name.startsWith('cli/options')) return [];
    const text = readFileSync(join(root, 'src', name), 'utf8').replaceAll(/^\s*(\*|\/\/|\/\*).*$/gm, '');
    return [
      ...text.matchAll(/access-key-rotation ((?:settings )?[a-z]+) (--[^`'()]*?)(?=[`'()]|\. |\.$)/g),
    ].map(([, command = '', options = '']) =>
      VALUES.reduce((line, [part, value]) => line.replaceAll(part, value), `${command} ${options}`.trim()),
    );
  });
}

/** As a shell would split it. */
const wordsOf = (line: string): readonly string[] =>
  (line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replaceAll(/["']/g, ''));

/** What the program says of a line: with a setting that is wrong, none of them gets farther than its input. */
async function problemsOf(line: string): Promise<string> {
  const terminal = fakeTerminal(undefined, { ROTATION_ROLE_NAME: 'not a name' });
  const code = await main(wordsOf(line), terminal);
  expect(code, line).to.equal(2);
  return terminal.stderrText();
}

const LINES: readonly string[] = [
  ...new Set([
    ...commandsInTexts(),
    ...[
      acceptLimit('deactivations', ACCOUNT),
      acceptLimit('deletions', ACCOUNT),
      replaceByHand(user, 'AKIAIOSFODNN7EXAMPLE'),
      replaceByHand(odd, 'AKIAIOSFODNN7EXAMPLE'),
      showSettingsOf('svc-ledger', ACCOUNT),
      showSettingsOf('-a', ACCOUNT),
    ].map((line) => line.replace('access-key-rotation ', '')),
  ]),
];

describe('a command that is printed for people', function () {
  this.timeout(60_000); // the first of each kind loads its modules
  it('is found in the texts', () => {
    expect(LINES.length).to.be.at.least(8);
    expect(LINES.some((line) => line.startsWith('subscribe '))).to.equal(true);
  });

  for (const line of LINES) {
    it(`is understood as printed: ${line}`, async () => {
      const said = await problemsOf(line);
      expect(said).to.match(/^ {2}- ROTATION_ROLE_NAME: /m);
      // Nothing but the setting is wrong.
      expect(said.split('\n').filter((one) => one.startsWith('  - '))).to.have.length(1);
      expect(said).not.to.contain('error: ');
    });
  }

  it('names commands that there are, also where it has no options', async () => {
    const terminal = fakeTerminal();
    await main(['--help'], terminal);
    const known = [...terminal.stdoutText().matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const mentioned = files
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [
        ...readFileSync(join(root, 'src', name), 'utf8').matchAll(/['`(:,] ?access-key-rotation ([a-z]+)\b/g),
      ])
      .map(([, name]) => name);
    // What programs call: workloads, and the scripts of shells.
    const people = mentioned.filter((name) => name !== 'credentials' && name !== 'complete');
    expect(known).to.include.members([...new Set(people)]);
  });
});
