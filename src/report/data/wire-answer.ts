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

const KINDS: readonly unknown[] = [
  'report',
  'report-too-long',
  'accepted',
  'refused',
  'failed',
] satisfies readonly OnDemandAnswer['kind'][];

/** Undefined where it is no answer to a person: another version answered. */
export function fromWire(returned: unknown): OnDemandAnswer | undefined {
  const { encoding, content } = (returned ?? {}) as Partial<Record<keyof WireAnswer, unknown>>;
  if (encoding !== ENCODING || typeof content !== 'string') return undefined;
  try {
    const answer = parse(gunzipSync(Buffer.from(content, 'base64')).toString()) as OnDemandAnswer;
    return KINDS.includes(answer.kind) ? answer : undefined;
  } catch {
    return undefined;
  }
}
