import type { Evidence } from '../../domain/report/evidence/evidence.ts';
import { isoOf } from '../common/wording.ts';

/** What holds a moment; all other numbers count something. */
const MOMENTS: ReadonlySet<string> = new Set(['at', 'createdAt', 'finishedAt', 'since', 'until']);

/** What has it only ever gains fields. */
export const EVIDENCE_VERSION = 1;

/** For programs, with moments in ISO 8601: docs/evidence.schema.json. Names are as AWS has them. */
export const evidenceJson = (evidence: Evidence): string =>
  `${JSON.stringify(
    { schemaVersion: EVIDENCE_VERSION, ...evidence },
    (name, value: unknown) => (typeof value === 'number' && MOMENTS.has(name) ? isoOf(value) : value),
    2,
  )}\n`;
