import { readValues } from '../../src/config/read-values.ts';
import type { SettingsRow, Target } from '../../src/domain/settings/setting.ts';

/** When the settings of these tests are read. */
export const NOW = Date.UTC(2026, 10, 25, 12);

type Written = Readonly<Record<string, unknown>>;

/** What is wrong with settings as somebody wrote them; each problem begins with the setting. */
export function problemsIn(
  { final, ...values }: Written,
  level: Target['level'] = 'organization',
): readonly string[] {
  const reading = readValues({ values, final }, level, NOW);
  return reading.kind === 'ok' ? [] : reading.problems;
}

/** @throws Error when something is wrong with them */
export function valuesOf(
  { final, ...values }: Written,
  level: Target['level'] = 'organization',
): Pick<SettingsRow, 'values' | 'final'> {
  const reading = readValues({ values, final }, level, NOW);
  if (reading.kind === 'failed') throw new Error(reading.problems.join('; '));
  return reading.value;
}
