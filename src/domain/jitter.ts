import type { Duration } from './time.ts';

/**
 * Between half of a wait and all of it, different for each name, so that those who have to wait at
 * the same time don't come back at the same time.
 */
export const jitter = (wait: Duration, name: string): Duration =>
  Math.round(wait * (0.5 + fraction(name) / 2));

/** From 0 to 1, the same for the same name (FNV-1a). */
export function fraction(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  // The last letters reach the high bits only now.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
