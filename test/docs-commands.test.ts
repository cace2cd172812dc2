import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Command, CommanderError } from 'commander';
import { parse } from 'yaml';
import { COMMANDS } from '../src/cli/main.ts';
import { settingsCommand } from '../src/cli/options/settings.ts';
import { readTemplate, type Template } from './deploy/cloudformation.ts';
import { fakeTerminal } from './support/terminal.ts';

const PAGES = [
  'README.md',
  ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : [])),
];
const nowhere = { aws: {}, environment: {} } as unknown as Parameters<typeof fakeTerminal>[0];

/** The command line's own parser, without what the commands do. */
function parser(): Command {
  const terminal = fakeTerminal(nowhere);
  const program = new Command('access-key-rotation').exitOverride().configureOutput({
    writeOut: () => undefined,
    writeErr: () => undefined,
  });
  const finish = () => undefined;
  for (const register of COMMANDS) {
    program.addCommand(register(terminal, finish).copyInheritedSettings(program));
  }
  program.addCommand(settingsCommand(terminal, finish, program));
  const disarm = (command: Command): void => {
    if (command.commands.length === 0) command.action(() => undefined);
    else command.commands.forEach(disarm);
  };
  disarm(program);
  return program;
}

/** What the shell makes of a line: words, without quotes and comments. */
const words = (line: string): readonly string[] =>
  [...line.replace(/\s#.*$/, '').matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/["']/g, ''),
  );

/** Why the parser refuses; undefined where it doesn't. */
async function refusal(args: readonly string[]): Promise<CommanderError | undefined> {
  try {
    await parser().parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error;
    throw error;
  }
}

const shellLines = (page: string): readonly string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^```sh\n([^]*?)^```/gm)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'))
    .flatMap((line) => line.split(' && '))
    .filter((line) => line.trim() !== '');

/** One command in a line of text. Line ends within it are those of the paragraph. */
const inText = (page: string): readonly string[] =>
  [
    ...readFileSync(page, 'utf8')
      .replaceAll(/^```[^]*?^```/gm, '')
      .matchAll(/`([^`]+)`/g),
  ].map(([, code = '']) => code.replaceAll(/\s+/g, ' '));

const PREFIX = /^(?:npm run -s cli -- |access-key-rotation )/;
const NAMES = [
  ...COMMANDS.map((register) => register(fakeTerminal(nowhere), () => undefined).name()),
  'settings',
];
/** Said without the program's name and what the reader knows by then. */
const isShort = (code: string): boolean => NAMES.includes(code.split(' ')[0] ?? '') && code.includes(' --');
/** What a sentence may leave out. */
const LEFT_OUT = [
  'commander.missingArgument',
  'commander.missingMandatoryOptionValue',
  'commander.optionMissingArgument',
  'commander.help',
];

const templates = new Map<string, Template>();
function templateOf(file: string): Template {
  const template = templates.get(file) ?? readTemplate(pathToFileURL(file));
  templates.set(file, template);
  return template;
}

const serverless = parse(readFileSync('serverless.yml', 'utf8'), { logLevel: 'silent' }) as {
  /** Those of every scale, and a variable for the others. */
  readonly functions: readonly [Readonly<Record<string, unknown>>, string];
  readonly params: { readonly default: Readonly<Record<string, unknown>> };
};

/** What is wrong with a deployment of one of our templates. */
function problemsOfStack(args: readonly string[]): readonly string[] {
  const after = (option: string) => args[args.indexOf(option) + 1] ?? '';
  const file = after('--template-file');
  if (!existsSync(file)) return [`there is no ${file}`];
  const { Parameters = {}, Resources } = templateOf(file);
  const at = args.indexOf('--parameter-overrides');
  const given = args.slice(at + 1).map((one) => one.split('=')[0] ?? '');
  const needsRoles = Object.values(Resources).some(({ Type }) => Type.startsWith('AWS::IAM::'));
  return [
    ...['--region', '--stack-name'].filter((option) => !args.includes(option)),
    ...given.filter((name) => !(name in Parameters)).map((name) => `${file} has no parameter ${name}`),
    ...Object.entries(Parameters)
      .filter(([name, { Default }]) => Default === undefined && !given.includes(name))
      .map(([name]) => `${file} needs ${name}`),
    ...(needsRoles && !args.includes('CAPABILITY_NAMED_IAM') ? [`${file} makes something of IAM`] : []),
  ];
}

function problemsOfServerless([command = '', ...args]: readonly string[]): readonly string[] {
  const fn = args[args.indexOf('-f') + 1] ?? '';
  const params = args.filter((arg) => arg.startsWith('--param=')).map((arg) => arg.split('=')[1] ?? '');
  return [
    ...(['deploy', 'invoke', 'package', 'remove'].includes(command) ? [] : [`no command ${command}`]),
    ...(command === 'invoke' && !(fn in serverless.functions[0]) ? [`no function ${fn}`] : []),
    ...params.filter((name) => !(name in serverless.params.default)).map((name) => `no parameter ${name}`),
  ];
}

describe('what README and docs tell people to type', () => {
  for (const page of PAGES) {
    const typed = [...shellLines(page), ...inText(page)];
    for (const line of typed.filter((one) => PREFIX.test(one) && /^[a-z]+/.test(one.replace(PREFIX, '')))) {
      it(`${page}: ${line} is understood`, async () => {
        const args = words(line.replace(PREFIX, ''));
        const error = await refusal(args);
        const isSentence = !shellLines(page).includes(line);
        if (isSentence && LEFT_OUT.includes(error?.code ?? '')) return;
        expect(error?.message).to.equal(undefined);
      });
    }

    for (const code of inText(page).filter(isShort)) {
      it(`${page}: ${code} names only options that there are`, async () => {
        const error = await refusal(words(code));
        if (!LEFT_OUT.includes(error?.code ?? '')) expect(error?.message).to.equal(undefined);
      });
    }

    for (const line of shellLines(page).filter((one) => one.startsWith('aws cloudformation deploy '))) {
      it(`${page}: ${line.slice(0, 90)}... gives the template what it takes`, () => {
        expect(problemsOfStack(words(line))).to.deep.equal([]);
      });
    }

    for (const line of typed.filter((one) => one.startsWith('npx serverless '))) {
      it(`${page}: ${line} is a command, a function and parameters that there are`, () => {
        expect(problemsOfServerless(words(line).slice(2))).to.deep.equal([]);
      });
    }
  }
});
