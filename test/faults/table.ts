import type { Result } from './matrix.ts';

/** The result of one cell. */
export interface Row {
  readonly title: string;
  readonly fault: string;
  readonly result: Result;
}

export const inWords = ({ title, fault, result: { verdict, runs, seconds } }: Row): string =>
  `${verdict.padEnd(8)} ${runs} more runs ${seconds.toFixed(1).padStart(5)} s | ${title} | ${fault}`;

/** One line for each fault, and one for all. @param duration of everything, in milliseconds */
export function inFigures(rows: readonly Row[], duration: number): string {
  const faults = [...new Set(rows.map((row) => row.fault))];
  const lines = faults.map((fault) => {
    const own = rows.filter((row) => row.fault === fault);
    const runs = Math.max(...own.map(({ result }) => result.runs));
    return [fault, own.length, ...VERDICTS.map((verdict) => count(own, verdict)), runs].map(String);
  });
  return [
    ...[HEAD, ...lines].map((cells) =>
      cells.map((cell, index) => (index === 0 ? cell.padEnd(WIDTH) : cell.padStart(11))).join(''),
    ),
    `${rows.length} cells, ${count(rows, 'WRONG')} wrong, ${Math.round(duration / 60_000)} minutes`,
  ].join('\n');
}

const VERDICTS = ['overcome', 'reported', 'WRONG'] as const;
const HEAD = ['fault', 'cells', ...VERDICTS, 'runs after'];
const WIDTH = 46;

const count = (rows: readonly Row[], verdict: Result['verdict']): number =>
  rows.filter(({ result }) => result.verdict === verdict).length;
