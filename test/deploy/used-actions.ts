/**
 * The IAM actions that the service and its command line need, read off the commands that they import,
 * themselves or through others: no other could be sent.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const FUNCTIONS = ['src/handler.ts', 'src/journal.ts', 'src/watch.ts'];
const COMMAND_LINE = ['src/cli.ts'];
const RELATIVE_IMPORT = /^(?:import|export) (?!type )[^;]*? from '(\.[^']+)';/gm;
/** What is loaded when it is needed. */
const DYNAMIC_IMPORT = /\bimport\('(\.[^']+)'\)/g;
const IMPORT = /import \{([^}]*)\} from '@aws-sdk\/(?:client|lib)-([\w-]+)'/g;

/** A command, or what sends one for every page. */
const CALL = /^([A-Z]\w*)Command$|^paginate(\w+)$/;

/** What the document client calls otherwise than DynamoDB does. */
const DOCUMENT_CALLS: Readonly<Record<string, string>> = {
  'dynamodb:Get': 'dynamodb:GetItem',
  'dynamodb:Put': 'dynamodb:PutItem',
  'dynamodb:Update': 'dynamodb:UpdateItem',
  'dynamodb:Delete': 'dynamodb:DeleteItem',
  'dynamodb:TransactWrite': 'dynamodb:TransactWriteItems',
  'dynamodb:BatchWrite': 'dynamodb:BatchWriteItem',
};

const PREFIXES: Readonly<Record<string, string>> = {
  eventbridge: 'events',
  'secrets-manager': 'secretsmanager',
};

/** The consumer's side: calls made with a user's own key, far from the service. */
const NOT_OF_THE_SERVICE = ['src/aws/secret/own-secret.ts'];

/** Where permissions aren't called like the calls. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'sts:GetCallerIdentity': [], // can't even be denied
  'dynamodb:TransactWriteItems': ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  'secretsmanager:CreateSecret': ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
};

/** Sorted. @param services as actions name them: `iam` */
export const usedActions = (...services: readonly string[]): readonly string[] =>
  actionsFrom(FUNCTIONS, services);

/** What commands send only where no function is deployed that would; whoever works so has other rights. */
const WITHOUT_FUNCTION: readonly string[] = ['events:PutEvents', 'sns:Publish'];

/** The same for people who use the command line, and have a function deployed. */
export const usedByOperators = (...services: readonly string[]): readonly string[] =>
  actionsFrom(COMMAND_LINE, services).filter((action) => !WITHOUT_FUNCTION.includes(action));

function actionsFrom(files: readonly string[], services: readonly string[]): readonly string[] {
  const calls = [...sourcesFrom(files)]
    .filter(([file]) => !NOT_OF_THE_SERVICE.includes(file))
    .flatMap(([, source]) => [...source.matchAll(IMPORT)])
    .flatMap(callsOf);
  const actions = new Set(calls.flatMap((call) => NEEDS[call] ?? [call]));
  return [...actions].filter((action) => services.includes(serviceOf(action))).toSorted();
}

/** Them and whatever they import: text by file. */
function sourcesFrom(files: readonly string[], known = new Map<string, string>()): Map<string, string> {
  for (const file of files) {
    if (known.has(file)) continue;
    const source = readFileSync(join(root, file), 'utf8');
    known.set(file, source);
    const imported = [RELATIVE_IMPORT, DYNAMIC_IMPORT]
      .flatMap((form) => [...source.matchAll(form)])
      .map(([, path = '']) => join(dirname(file), path));
    sourcesFrom(imported, known);
  }
  return known;
}

export const serviceOf = (action: string): string => action.split(':')[0] ?? '';

const callsOf = ([, names = '', client = '']: RegExpExecArray): readonly string[] =>
  names.split(',').flatMap((name) => {
    const [, command, paged] = CALL.exec(name.trim()) ?? [];
    const call = command ?? paged;
    if (call === undefined) return [];
    const action = `${PREFIXES[client] ?? client}:${call}`;
    return [DOCUMENT_CALLS[action] ?? action];
  });
