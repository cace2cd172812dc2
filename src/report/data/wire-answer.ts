import { gunzipSync, gzipSync } from 'node:zlib';
import { parse, stringify } from 'devalue';
import type { OnDemandAnswer } from '../../domain/report/on-demand-answer.ts';
import { isClean } from '../../domain/report/run-report.ts';

/* How an answer to a person gets from the function to the command line. What JSON loses (`undefined`, infinite
   times, what is referred to twice) has to arrive, since the report is put into words only there. */

/** What the function returns. */
export interface WireAnswer {
  readonly encoding: typeof ENCODING;
  readonly content: string;
}

const ENCODING = 'devalue, gzip, base64';

/** Lambda limits the answer to a synchronous invocation to 6 MB, which is 6,291,556 bytes. */
const MOST_CHARACTERS = 6_000_000;

/** What is unpacked at most, in bytes: the text of a report that fits is some twenty times as long as its answer. */
const MOST_UNPACKED = 256 * 1024 * 1024;

/** @param most for tests; a report that would be longer is left out, and said to be */
export function toWire(answer: OnDemandAnswer, most = MOST_CHARACTERS): WireAnswer {
  const content = encoded(answer);
  if (content.length <= most || answer.kind !== 'report') return { encoding: ENCODING, content };
  const { report } = answer;
  return {
    encoding: ENCODING,
    content: encoded({ kind: 'report-too-long', runId: report.runId, isClean: isClean(report) }),
  };
}

const encoded = (answer: OnDemandAnswer): string => gzipSync(stringify(answer)).toString('base64');

type Sent = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Sent =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';

/** What each answer has at least, so that it can be told to a person. */
const HAS: Readonly<Record<OnDemandAnswer['kind'], (answer: Sent) => boolean>> = {
  report: ({ report }) =>
    isObject(report) && Array.isArray(report['accounts']) && Array.isArray(report['findings']),
  'report-too-long': ({ runId, isClean: clean }) => isText(runId) && typeof clean === 'boolean',
  accepted: () => true,
  refused: ({ problems }) => Array.isArray(problems) && problems.length > 0 && problems.every(isText),
  failed: ({ failure }) =>
    isObject(failure) && ['kind', 'during', 'message', 'nextStep'].every((name) => isText(failure[name])),
};

const isAnswer = (sent: unknown): boolean =>
  isObject(sent) &&
  isText(sent['kind']) &&
  Object.hasOwn(HAS, String(sent['kind'])) &&
  HAS[sent['kind'] as OnDemandAnswer['kind']](sent);

/** Undefined where it is no answer to a person: another version answered. */
export function fromWire(returned: unknown): OnDemandAnswer | undefined {
  const { encoding, content } = (returned ?? {}) as Partial<Record<keyof WireAnswer, unknown>>;
  if (encoding !== ENCODING || typeof content !== 'string') return undefined;
  try {
    const text = gunzipSync(Buffer.from(content, 'base64'), { maxOutputLength: MOST_UNPACKED }).toString();
    const sent: unknown = parse(text);
    return isAnswer(sent) ? (sent as OnDemandAnswer) : undefined;
  } catch {
    return undefined;
  }
}
