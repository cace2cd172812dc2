import { createHash } from 'node:crypto';
import type { Evidence } from '../../domain/report/evidence/evidence.ts';
import type { Instant } from '../../domain/time.ts';
import { VERSION } from '../../domain/version.ts';
import { isoOf } from '../common/wording.ts';
import { accountsCsv, actionsCsv, controlsCsv, exceptionsCsv, resultsCsv, settingsCsv } from './csv.ts';
import { EVIDENCE_VERSION, evidenceJson } from './json.ts';
import { evidencePage } from './page.ts';

export interface EvidenceFile {
  readonly name: string;
  readonly text: string;
}

/**
 * All files of the folder. When it was made is in `manifest.json` alone, so that all others have the same bytes
 * whenever they are made from the same runs.
 */
export function evidenceFiles(evidence: Evidence, madeAt: Instant): readonly EvidenceFile[] {
  const files = [
    { name: 'accounts.csv', text: accountsCsv(evidence) },
    { name: 'actions.csv', text: actionsCsv(evidence) },
    { name: 'controls.csv', text: controlsCsv(evidence) },
    { name: 'evidence.html', text: evidencePage(evidence) },
    { name: 'evidence.json', text: evidenceJson(evidence) },
    { name: 'exceptions.csv', text: exceptionsCsv(evidence) },
    { name: 'results.csv', text: resultsCsv(evidence) },
    { name: 'settings.csv', text: settingsCsv(evidence) },
  ];
  const all = [...files, { name: 'manifest.json', text: manifest(evidence, files, madeAt) }];
  return [...all, { name: 'SHA256SUMS', text: all.map(sumLine).join('') }];
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** As `sha256sum -c` reads it. */
const sumLine = ({ name, text }: EvidenceFile): string => `${sumOf(text)}  ${name}\n`;

const manifest = (evidence: Evidence, files: readonly EvidenceFile[], madeAt: Instant): string =>
  `${JSON.stringify(
    {
      schemaVersion: EVIDENCE_VERSION,
      tool: 'access-key-rotation',
      toolVersion: VERSION,
      madeAt: isoOf(madeAt),
      runId: evidence.runId,
      runIds: evidence.period.runs.map(({ runId }) => runId),
      files: files.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text), sha256: sumOf(text) })),
    },
    null,
    2,
  )}\n`;
