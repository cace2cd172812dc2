import type { Verdict } from './matrix.ts';

const WIDTH = 90;

/** One line for each point: the call, before or after it, how many runs it took, and the verdict. */
export function inTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ point: { call, when, doing }, runs, broken, unreported }) => [
    String(call).padStart(4),
    when.padEnd(6),
    doing.slice(0, WIDTH).padEnd(WIDTH),
    String(runs).padStart(4),
    broken.length > 0
      ? broken.join('; ')
      : unreported.length > 0
        ? `good, but unreported: ${unreported.join(', ')}`
        : 'good',
  ]);
  const head = ['call', 'killed', 'doing'.padEnd(WIDTH), 'runs', 'after them'];
  const good = verdicts.filter(({ broken }) => broken.length === 0).length;
  return [
    ...[head, ...rows].map((row) => row.join('  ')),
    `${verdicts.length} points, ${good} made good, by one more run ${verdicts.filter(({ runs }) => runs === 1).length}`,
  ].join('\n');
}
