import type { Reason } from '../../../../src/domain/rotation/decision.ts';
import type { HabitName } from '../../../support/habits.ts';
import type { CutOff, Life } from './world.ts';

/* What lives come to: by which rules keys were switched off, and who was cut off by which. */

export const brokenIn = (lives: readonly Life[]): readonly string[] =>
  lives.flatMap((life, index) => life.broken.map((what) => `life ${index}: ${what}`));

export const cutOffsIn = (lives: readonly Life[]): readonly CutOff[] =>
  lives.flatMap(({ cutOffs }) => cutOffs);

export const having = (lives: readonly Life[], ...names: readonly HabitName[]): readonly Life[] =>
  lives.filter(({ habitName }) => names.includes(habitName));

/** How many keys each rule has switched off. */
export function groundsIn(lives: readonly Life[]): Readonly<Partial<Record<Reason, number>>> {
  const sums: Partial<Record<Reason, number>> = {};
  for (const { grounds } of lives) {
    for (const [reason, count] of Object.entries(grounds) as [Reason, number][]) {
      sums[reason] = (sums[reason] ?? 0) + count;
    }
  }
  return sums;
}

/** Lines for people to read, the most frequent first. */
export function describeFigures(title: string, lives: readonly Life[], took: number): string {
  const cutOffs = new Map<string, number>();
  for (const { habit, workload, by } of cutOffsIn(lives)) {
    const line = `${by.padEnd(14)} ${habit} (${workload})`;
    cutOffs.set(line, (cutOffs.get(line) ?? 0) + 1);
  }
  const off = Object.entries(groundsIn(lives)).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${title}: ${lives.length} lives in ${(took / 1_000).toFixed(1)} s; switched off: ${off.join(', ')}`,
    ...[...cutOffs]
      .sort(([, one], [, other]) => other - one)
      .map(([line, count]) => `  ${count} cut off by ${line}`),
  ].join('\n');
}
