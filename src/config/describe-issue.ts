import type * as z from 'zod';
import { shorten } from '../domain/errors.ts';

/** What differs between the inputs whose problems are described. */
export interface IssueContext {
  /** What the issue's path is below; empty for none. */
  readonly below?: readonly string[];
  /** About a name that is not known, in the object at this path. */
  readonly unknown: (name: string) => string;
  /** Values that aren't repeated: somebody may take them for secrets. */
  readonly isHidden?: (path: string) => boolean;
}

/**
 * Zod's issues in our words: `path: what would be right, not what is there`.
 * @param input the value that was parsed
 */
export function describeIssue(
  issue: z.core.$ZodIssue,
  input: unknown,
  { below = [], unknown, isHidden = () => false }: IssueContext,
): readonly string[] {
  const steps = [...below, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...steps, key].join('.')}: ${unknown(key)}`);
  }
  const path = steps.join('.');
  const found = valueAt(input, issue.path);
  if (found === undefined) return [`${path}: is missing; ${issue.message}`];
  return [`${path}: ${issue.message}${isHidden(path) ? '' : `, not ${describeValue(found)}`}`];
}

/** A value that is repeated is there to be found again, not to be read in full. */
const LONGEST_VALUE = 300;

/** What was found, as JSON; `NaN` and the like, which JSON doesn't know, by their names. */
export const describeValue = (found: unknown): string =>
  found === undefined || (typeof found === 'number' && !Number.isFinite(found))
    ? String(found)
    : shorten(JSON.stringify(found), LONGEST_VALUE);

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (within, step) => (within as Record<PropertyKey, unknown> | null | undefined)?.[step],
    input,
  );
