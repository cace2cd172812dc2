import { statSync } from 'node:fs';
import path from 'node:path';
import { HOUR, type Instant } from '../../../domain/time.ts';
import { readState } from './read-state.ts';
import type { Remembered } from '../../../run/ports/own-key.ts';

/*
 * What a workload's last call left for the next one: the key, whose it is, and until when it needs no asking.
 * Loads nothing but Node's own: most calls read this and end.
 */

/** What was asked for; another question is asked anew. */
export interface Question {
  readonly userName: string;
  readonly profile: string;
  /** Absent where the config files say it. */
  readonly region?: string;
  readonly secret?: string;
  readonly accountId?: string;
  /** Where AWS is emulated, or reached by another way. */
  readonly endpoint?: string;
}

export interface Answer {
  readonly remembered?: Remembered;
  /** The same question needs no asking until then. */
  readonly holdsUntil?: Instant;
  readonly question?: Question;
  /** When the AWS config files were last changed, in milliseconds: with other ones it is asked anew. */
  readonly configChangedAt?: readonly number[];
}

/**
 * Where the state is: beside the AWS config files.
 * @returns undefined when there is no home: the working directory is none
 */
export function stateFileOf(
  environment: Readonly<Record<string, string | undefined>>,
  { userName, profile }: Question,
): string | undefined {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? '';
  if (!path.isAbsolute(home)) return undefined;
  // A profile's name may hold anything, so it is encoded; its dashes too, so that `--` separates safely.
  const safe = encodeURIComponent(profile).replaceAll('-', '%2D');
  return path.join(home, '.aws', 'access-key-rotation', `${safe}--${userName}.json`);
}

/** @returns also what a person should see to; damaged files count as none */
export function recall(file: string): Answer & { readonly problem?: string } {
  const { text, problem } = readState(file);
  if (text === undefined) return problem === undefined ? {} : { problem };
  const answer = parse(text);
  if (answer === undefined) return { problem: `${file} is damaged, and was not used` };
  return problem === undefined ? answer : { ...answer, problem };
}

/** Whether an answer still holds. Clocks are set back, so a time far ahead is no reason not to ask. */
export function holds(answer: Answer, asked: Question, changedAt: readonly number[], now: Instant): boolean {
  const { remembered, holdsUntil, question, configChangedAt: before } = answer;
  if (remembered === undefined || holdsUntil === undefined || question === undefined) return false;
  const isSame = (['userName', 'profile', 'secret', 'accountId', 'endpoint'] as const).every(
    (name) => question[name] === asked[name],
  );
  const isSameRegion = asked.region === undefined || asked.region === question.region;
  const isSameConfig = JSON.stringify(before) === JSON.stringify(changedAt);
  return isSame && isSameRegion && isSameConfig && now < holdsUntil && holdsUntil - now <= HOUR;
}

/** When the AWS config files were last changed; 0 for one that isn't there. */
export function configChangedAt(
  environment: Readonly<Record<string, string | undefined>>,
): readonly number[] {
  const home = path.join(environment['HOME'] ?? environment['USERPROFILE'] ?? '', '.aws');
  const files = [
    environment['AWS_SHARED_CREDENTIALS_FILE'] ?? path.join(home, 'credentials'),
    environment['AWS_CONFIG_FILE'] ?? path.join(home, 'config'),
  ];
  return files.map((file) => {
    try {
      return statSync(file).mtimeMs;
    } catch {
      return 0;
    }
  });
}

type Json = Readonly<Record<string, unknown>>;

function parse(text: string): Answer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  // The first version remembered a key, and nothing else.
  const remembered = rememberedIn(isRecord(value['remembered']) ? value['remembered'] : { key: value });
  if (remembered === undefined) return undefined;
  const { holdsUntil, question, configChangedAt: changes } = value;
  if (typeof holdsUntil !== 'number' || !isRecord(question) || !Array.isArray(changes)) return { remembered };
  // What is compared only needs no types of its own.
  return {
    remembered,
    holdsUntil,
    question: question as unknown as Question,
    configChangedAt: changes as readonly number[],
  };
}

function rememberedIn({ key, arn, profileKeyId, secret, searched }: Json): Remembered | undefined {
  if (!isRecord(key) || !isText(key['accessKeyId']) || !isText(key['secretAccessKey'])) return undefined;
  return {
    key: { accessKeyId: key['accessKeyId'], secretAccessKey: key['secretAccessKey'] },
    ...(isText(arn) ? { arn } : {}),
    ...(isText(profileKeyId) ? { profileKeyId } : {}),
    ...(isRecord(secret) && isText(secret['region']) && isText(secret['id'])
      ? { secret: { region: secret['region'], id: secret['id'] } }
      : {}),
    ...(isRecord(searched) && typeof searched['at'] === 'number' && isText(searched['region'])
      ? { searched: { at: searched['at'], region: searched['region'] } }
      : {}),
  };
}

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Neither empty nor with anything in it that a header can't have. */
const isText = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
