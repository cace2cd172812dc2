/** A moment in milliseconds: none of the other numbers of a report is as large. */
const LEAST_MOMENT = 1e12;

const CHANCE: readonly (readonly [RegExp, string])[] = [
  [/\d{8}T\d{6}Z-[0-9a-f]{6}/g, '<run>'],
  [/\d{4}-\d{2}-\d{2}(T[\d:.]+Z| \d\d:\d\d( UTC)?)?/g, '<date>'],
  [/(AKIA|ASIA|AIDA|AROA)[A-Z0-9]{8,}/g, '<id>'],
  [/\bin \d+ days?\b/g, '<days>'],
  [/(secret:[\w/+=.@-]+)-\w{6}\b/g, '$1-<random>'],
];

/** Without what differs between two runs over the same organization: ids that AWS draws, and moments. */
export function withoutChance(value: unknown): unknown {
  if (typeof value === 'number') return value > LEAST_MOMENT ? '<moment>' : value;
  if (typeof value === 'string') {
    return CHANCE.reduce((text, [pattern, name]) => text.replaceAll(pattern, name), value);
  }
  if (Array.isArray(value)) return value.map(withoutChance);
  if (value instanceof Map)
    return new Map([...value].map(([key, one]) => [withoutChance(key), withoutChance(one)]));
  if (value instanceof Set) return new Set([...value].map(withoutChance));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutChance(one)]));
}
