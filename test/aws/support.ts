import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AwsSettings } from '../../src/aws/client/config.ts';
import { secretsManagerOrphans } from '../../src/aws/secret/orphaned-secrets.ts';
import { secretList } from '../../src/aws/secret/secret-list.ts';
import type { SecretSettings } from '../../src/aws/secret/secret-store.ts';
import type { Account } from '../../src/domain/account.ts';
import type { Failure } from '../../src/domain/errors.ts';
import { OperationError } from '../../src/domain/errors.ts';
import type { HistoryEntry } from '../../src/domain/rotation/history.ts';
import type { SessionOptions, SecretLocation } from '../../src/run/ports/accounts.ts';
import type { OrphanedSecrets } from '../../src/run/ports/orphaned-secrets.ts';
import type { Call, Credentials, Emulator } from '../support/emulator/emulator.ts';
import { REGION, START } from '../support/world.ts';

export const MANAGEMENT = '123456789012';
export const FIRST_MEMBER = '111111111101';

/** How the adapters are made in tests: nothing comes from the machine they run on. */
export const settingsFor = ({ endpoint }: { readonly endpoint: string }, credentials: Credentials) =>
  ({ region: REGION, endpoint, credentials: () => Promise.resolve(credentials) }) satisfies AwsSettings;

/** As someone who may do everything in the account. */
export const adminOf = async (emulator: Emulator, accountId = FIRST_MEMBER) =>
  settingsFor(emulator, await emulator.credentialsFor(accountId, 'administrator'));

/** For clients that a test makes itself: what goes wrong goes wrong at once. */
export const once = <Settings extends AwsSettings>(settings: Settings) => ({ ...settings, maxAttempts: 1 });

export const accountWith = (id: string): Account => ({ id, name: 'app', state: 'ACTIVE', ouPath: [] });

/** How most accounts are entered: to change something, with the secrets in the account itself. */
export const SESSION_OPTIONS: SessionOptions = {
  readOnly: false,
  secrets: { delivery: 'member', replicaRegions: [], readers: [], access: 'open' },
};

/** No list of secrets, so each is looked at. */
export const NO_LIST: SecretSettings['listed'] = { find: () => Promise.resolve('unknown') };

/** The secrets of the first member, kept in the member itself unless told otherwise. */
export const secretsIn = (place: Partial<SecretLocation> = {}): SecretSettings => ({
  accountId: FIRST_MEMBER,
  place: { ...SESSION_OPTIONS.secrets, ...place },
  sleep: () => Promise.resolve(),
  keysOf: () => Promise.resolve([]),
  listed: NO_LIST,
});

/** The secrets of an account's users as a whole, listed anew. */
export function orphansOf(
  client: SecretsManagerClient,
  accountId = FIRST_MEMBER,
  delivery: SecretLocation['delivery'] = 'member',
): OrphanedSecrets {
  const whose = { accountId, delivery };
  return secretsManagerOrphans(client, secretList(client, whose), whose);
}

/** A user as IAM lists it; its id is made up. */
export const userNamed = (userName: string, accountId = FIRST_MEMBER, path = '/') => ({
  userName,
  arn: `arn:aws:iam::${accountId}:user${path}${userName}`,
  userId: `AIDA${userName.replaceAll(/\W/g, '').toUpperCase()}`,
});

/** What the history may say. */
export const entryWith = <Fields extends Partial<HistoryEntry>>(fields: Fields) => ({
  at: START,
  runId: 'run-1',
  by: `arn:aws:sts::${MANAGEMENT}:assumed-role/access-key-rotation-service/run-1`,
  what: 'replaced' as const,
  reason: 'due',
  message: 'It is old.',
  ...fields,
});

/** What a call was refused for; fails for anything that isn't a refusal. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof OperationError) return error.failure;
    throw error;
  }
  throw new Error(`expected a refusal, got ${JSON.stringify(answer)}`);
}

/** A client that answers without a wire; passes for one of any service. */
export const clientThat = (answer: (commandName: string, input: unknown) => unknown) => {
  const send = async (command: { readonly input: unknown }) =>
    answer(command.constructor.name, command.input);
  return { send } as never;
};

/** The calls of some actions that reached AWS, as they were asked. */
export async function callsOf(emulator: Emulator, ...actions: readonly string[]): Promise<readonly Call[]> {
  return (await emulator.calls()).filter(({ action }) => actions.includes(action));
}

/** No AWS or ROTATION setting of the developer's machine, but these. Returns the way back. */
export function setAwsEnvironment(settings: Readonly<Record<string, string>>): () => void {
  const ours = () => Object.keys(process.env).filter((name) => /^(AWS_|ROTATION_|REPORTS_URL$)/.test(name));
  const before = Object.fromEntries(ours().map((name) => [name, process.env[name]]));
  const become = (wanted: Readonly<Record<string, string | undefined>>) => {
    for (const name of ours()) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, wanted);
  };
  const nowhere = { AWS_CONFIG_FILE: '/nowhere/config', AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials' };
  become({ ...nowhere, AWS_EC2_METADATA_DISABLED: 'true', ...settings });
  return () => {
    become(before);
  };
}
