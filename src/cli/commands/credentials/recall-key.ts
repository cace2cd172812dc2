import { USER_NAME } from '../../../config/patterns.ts';
import { definedOnly } from '../../../domain/defined-only.ts';
import { HOUR, type Instant } from '../../../domain/time.ts';
import type { HeldKey } from '../../../run/ports/own-key.ts';
import type { Terminal } from '../../input/terminal.ts';
import { configChangedAt, holds, recall, stateFileOf, type Answer, type Question } from './remembered.ts';

/* What most calls do, and all they load. */

export interface CredentialsOptions {
  readonly user: string;
  readonly from: string;
  readonly region?: string;
  readonly secret?: string;
  readonly account?: string;
  /** Ask AWS, however lately it was asked. */
  readonly refresh?: boolean;
}

/** What is known before AWS is asked. */
export interface Recalled {
  readonly question: Question;
  readonly answer: Answer;
  /** Whether the answer holds, so that AWS needs no asking. */
  readonly isCurrent: boolean;
  /** Where to remember what AWS says; undefined when there is no place. */
  readonly file: string | undefined;
  readonly changedAt: readonly number[];
  /** With the file, or the place for it. */
  readonly problem: string | undefined;
}

/**
 * Set by a process of ours that runs the command of another profile: if that is this one again, the
 * remembered key must not hide the circle.
 */
const ASKED_BY = 'ACCESS_KEY_ROTATION_PROFILES';

export function recallKey(options: CredentialsOptions, terminal: Terminal, now: Instant): Recalled {
  const { environment } = terminal;
  const question = questionOf(options, terminal);
  const file = USER_NAME.test(options.user) ? stateFileOf(environment, question) : undefined;
  const { problem, ...answer } =
    file === undefined ? { problem: 'HOME is not set to a directory' } : recall(file);
  const changedAt = configChangedAt(environment);
  const mustAsk = options.refresh === true || problem !== undefined || environment[ASKED_BY] !== undefined;
  const isCurrent = !mustAsk && holds(answer, question, changedAt, now);
  return { question, answer, isCurrent, file, changedAt, problem };
}

const questionOf = (
  { user, from, region, secret, account }: CredentialsOptions,
  { aws, environment }: Terminal,
): Question => ({
  userName: user,
  profile: from,
  ...definedOnly({
    region: region ?? aws?.region ?? environment['AWS_REGION'],
    secret,
    accountId: account,
    endpoint: aws?.endpoint ?? environment['AWS_ENDPOINT_URL'],
  }),
});

/** As `credential_process` reads it. After an hour SDKs ask again. */
export function printKey(key: HeldKey, { stdout }: Pick<Terminal, 'stdout'>, now: Instant): void {
  const answer = {
    Version: 1,
    AccessKeyId: key.accessKeyId,
    SecretAccessKey: key.secretAccessKey,
    Expiration: new Date(now + HOUR).toISOString(),
  };
  stdout.write(`${JSON.stringify(answer)}\n`);
}
