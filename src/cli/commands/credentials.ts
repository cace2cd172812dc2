import { consumer, type HeldKey } from '../../compose/consumer.ts';
import { systemClock } from '../../compose/environment.ts';
import { readRequest } from '../../config/request.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import { isSecretId, regionOfSecret } from '../../domain/secrets/secret-name.ts';
import { HOUR } from '../../domain/time.ts';
import { clean } from '../../report/common/sanitize.ts';
import { EXAMPLE_ARN } from '../options/examples.ts';
import { readCachedKey, writeCachedKey } from './key-cache.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

export interface CredentialsOptions {
  readonly user: string;
  readonly from: string;
  readonly region?: string;
  readonly secret?: string;
}

/** After this time SDKs ask again. An old key works for days after a rotation, so an hour is soon enough. */
const ASK_AGAIN_AFTER = HOUR;

/**
 * `access-key-rotation credentials`: what `credential_process` calls on the machine of a workload.
 * Reads the user's current key with the key it has, and caches it: that one reads the next.
 */
export async function printCredentials(options: CredentialsOptions, terminal: Terminal): Promise<ExitCode> {
  refuseBad(options);
  const key = await currentKey(options, terminal);
  const expiration = new Date((terminal.aws?.clock ?? systemClock).now() + ASK_AGAIN_AFTER);
  const answer = {
    Version: 1,
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey,
    Expiration: expiration.toISOString(),
  };
  terminal.stdout.write(`${JSON.stringify(answer)}\n`);
  return 0;
}

/** Loaded only when needed: most callers name the region. */
const regionOfProfile = async () => (await import('../../compose/region.ts')).findRegion();

/** @throws InputError with all problems at once */
function refuseBad({ user, secret, region }: CredentialsOptions): void {
  const problems: string[] = [];
  try {
    readRequest({ userNames: [user] });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
  }
  if (secret !== undefined && !isSecretId(secret)) {
    problems.push(
      `--secret: must be the ARN of a secret, as ${EXAMPLE_ARN}, or its name in the user's own account, not ${JSON.stringify(secret)}`,
    );
  }
  const where = regionOfSecret(secret ?? '');
  if (region !== undefined && where !== undefined && region !== where) {
    problems.push(`--region: must be ${where}, where the secret is, or be left out, not ${region}`);
  }
  if (problems.length > 0) throw new InputError(problems);
}

async function currentKey(
  { user, from, region, secret }: CredentialsOptions,
  terminal: Terminal,
): Promise<HeldKey> {
  const where = region ?? regionOfSecret(secret ?? '');
  const aws = terminal.aws ?? { region: where ?? (await regionOfProfile()) };
  const { readOwnKey, keyOfProfile } = consumer(aws);
  const home = terminal.environment['HOME'] ?? terminal.environment['USERPROFILE'] ?? '.';
  const cached = await readCachedKey(home, user, from);
  const first = () =>
    keyOfProfile(from).catch((error: unknown) => {
      throw new InputError([`--from: the profile ${from} has no key (${String(error)})`]);
    });

  let held = cached ?? (await first());
  let current: HeldKey | undefined;
  try {
    current = await readOwnKey(user, held, secret);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    if (error.failure.kind !== 'denied') {
      // AWS can't be asked now; the key at hand goes on working for days after a rotation.
      terminal.stderr.write(`access-key-rotation: using the key at hand: ${clean(error.message)}\n`);
      return held;
    }
    // Somebody may have put a newer key into the profile after this machine slept for weeks.
    if (cached === undefined) throw error;
    held = await first();
    current = await readOwnKey(user, held, secret);
  }
  if (current === undefined) {
    const why =
      secret === undefined
        ? `there is no secret that ${user} may read; that is right until its key is replaced`
        : `${user} may not read ${secret}; that is right until its key is replaced, and later it needs the permission of its own account, too`;
    terminal.stderr.write(`access-key-rotation: using the key at hand: ${why}\n`);
  }
  const key = current ?? held;
  if (key.accessKeyId !== cached?.accessKeyId) await writeCachedKey(home, user, from, key);
  return key;
}
