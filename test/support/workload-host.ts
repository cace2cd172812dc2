import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as rest from '../../src/cli/commands/credentials.ts';
import { runCredentialsLine } from '../../src/cli/credentials-line.ts';
import { writeState } from '../../src/cli/commands/credentials/write-state.ts';
import { MINUTE } from '../../src/domain/time.ts';
import {
  accessKeys,
  callerIdentity,
  json,
  jsonError,
  startFakeAws,
  xmlError,
  type FakeAnswer,
  type FakeAws,
  type FakeCall,
} from './fake-aws.ts';
import { fakeTerminal } from './terminal.ts';

/* The machine of a workload: a home with AWS config files, and AWS as it answers its one command. */

export const ARN = 'arn:aws:iam::111122223333:user/ann';
export const OLD = 'AKIAEXAMPLE00000OLD1';
export const NEW = 'AKIAEXAMPLE00000NEW2';
export const PLACE = 'eu-central-1';

/** How AWS answers; what isn't given is as before the first replacement. */
export interface Situation {
  /** Whose key each is; without an entry AWS doesn't take the key. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly secret?: (call: FakeCall) => FakeAnswer | 'reset';
  readonly identity?: (call: FakeCall) => FakeAnswer | 'reset';
  /** The keys of the user with the time of their creation; absent: it may not list them. */
  readonly listed?: readonly (readonly [id: string, created: string])[];
}

/** What a user without policies of its own hears of a secret that isn't there. */
export const nobodyAllows = jsonError(
  'AccessDeniedException',
  `User: ${ARN} is not authorized to perform: secretsmanager:GetSecretValue on resource: access-key-rotation/ann because no identity-based policy allows the secretsmanager:GetSecretValue action`,
);

export const secretWith = (key: string, more: object = {}): FakeAnswer =>
  json({
    ARN: `arn:aws:secretsmanager:${PLACE}:111122223333:secret:access-key-rotation/ann-AbCdEf`,
    Name: 'access-key-rotation/ann',
    VersionId: '1',
    SecretString: JSON.stringify({ Version: 1, AccessKeyId: key, SecretAccessKey: 'secret', ...more }),
  });

export const holding = (text: string): FakeAnswer =>
  json({ Name: 'access-key-rotation/ann', VersionId: '1', SecretString: text });

export const profileWith = (key: string, name = 'first'): string =>
  `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`;

interface Printed {
  readonly code: number | undefined;
  /** The id of the key that was printed. */
  readonly key: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Host {
  readonly home: string;
  readonly aws: FakeAws;
  /** Where the state of the user ann and the profile first is. */
  readonly state: string;
  situation: Situation;
  now: number;
  write(file: string, text: string, mode?: number): string;
  /** All files of the home with what is in them. */
  files(): Readonly<Record<string, string>>;
  ask(args?: readonly string[], environment?: Readonly<Record<string, string | undefined>>): Promise<Printed>;
  /** As new, with the key OLD in the profile first. */
  reset(): void;
  close(): Promise<void>;
}

/** Writes what a call a moment ago would have left, at this machine's own time. */
export function rememberNow(home: string): void {
  const question = { userName: 'ann', profile: 'first', region: PLACE };
  const remembered = { key: { accessKeyId: NEW, secretAccessKey: 'secret' } };
  const answer = { remembered, question, holdsUntil: Date.now() + 59 * MINUTE, configChangedAt: [0, 0] };
  writeState(path.join(home, '.aws/access-key-rotation/first--ann.json'), JSON.stringify(answer));
}

export const ASKED = ['--user', 'ann', '--from', 'first', '--region', PLACE] as const;

export const asUser = (user: string) => ['--user', user, '--from', 'first', '--region', PLACE];

/** A host for the tests of a file, as new for each of them. */
export function hostForThisFile(): () => Host {
  let host: Host | undefined;
  before(async () => {
    host = await openHost();
  });
  beforeEach(() => host?.reset());
  after(() => host?.close());
  return () => {
    if (host === undefined) throw new Error('the host is there while tests run');
    return host;
  };
}

const NO_REGION = {} as { readonly region: string };
const namesRegion = (environment: object): boolean => 'AWS_REGION' in environment;

async function openHost(): Promise<Host> {
  const aws = await startFakeAws(() => (call) => answer(host.situation, call));
  const base = mkdtempSync(path.join(tmpdir(), 'workload-'));
  const home = path.join(base, 'home');
  const host: Host = {
    home,
    aws,
    state: path.join(home, '.aws/access-key-rotation/first--ann.json'),
    situation: {},
    now: 0,
    write: (file, text, mode = 0o600) => {
      const whole = path.join(home, file);
      mkdirSync(path.dirname(whole), { recursive: true, mode: 0o700 });
      writeFileSync(whole, text, { mode });
      return whole;
    },
    files: () => filesBelow(home),
    ask: async (args = ASKED, environment = {}) => {
      const terminal = {
        ...fakeTerminal(),
        environment: { HOME: home, ...environment },
        // As on a real machine: where AWS_REGION is spoken of, nothing else names a region.
        aws: { ...(namesRegion(environment) ? NO_REGION : { region: PLACE }), endpoint: aws.endpoint, clock },
      };
      const load = () => Promise.resolve(rest);
      const code = await runCredentialsLine(args, terminal, { load, now: host.now });
      await new Promise(setImmediate);
      const [stdout, stderr] = [terminal.stdoutText(), terminal.stderrText()];
      const { AccessKeyId: key } = (stdout === '' ? {} : JSON.parse(stdout)) as { AccessKeyId?: string };
      return { code, key, stdout, stderr };
    },
    reset: () => {
      rmSync(home, { recursive: true, force: true });
      host.situation = {};
      host.now = Date.UTC(2026, 2, 1);
      aws.clear();
      host.write('.aws/credentials', profileWith(OLD));
    },
    close: async () => {
      rmSync(base, { recursive: true });
      await aws.close();
    },
  };
  const clock = { now: () => host.now, sleep: () => Promise.resolve() };
  host.reset();
  return host;
}

function answer(situation: Situation, call: FakeCall): FakeAnswer | 'reset' {
  const { keys = { [OLD]: ARN, [NEW]: ARN }, secret = () => nobodyAllows, identity, listed } = situation;
  const arn = keys[call.keyId];
  switch (call.action) {
    case 'secretsmanager.GetSecretValue':
      return arn === undefined
        ? jsonError('UnrecognizedClientException', 'The token is invalid.')
        : secret(call);
    case 'GetCallerIdentity':
      if (identity !== undefined) return identity(call);
      return arn === undefined
        ? xmlError('InvalidClientTokenId', 'The token is invalid.')
        : callerIdentity(arn);
    default:
      return listed === undefined ? xmlError('AccessDenied', 'No policy allows this.') : accessKeys(listed);
  }
}

const filesBelow = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(folder, file), readFileSync(file, 'utf8')]),
  );
