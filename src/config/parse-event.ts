import type * as z from 'zod';
import { InputError } from '../domain/errors.ts';
import { describeIssue, describeValue } from './describe-issue.ts';

/**
 * What an event of the function says.
 * @param noSuchField what to say of a field that nobody reads
 * @throws InputError with all problems at once
 */
export function parseEvent<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  noSuchField: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  // Zod passes over this one name, mostly.
  const hidden = isObject(input) && Object.hasOwn(input, '__proto__') ? [`__proto__: ${noSuchField}`] : [];
  if (parsed.success && hidden.length === 0) return parsed.data;
  const issues = parsed.success ? [] : parsed.error.issues;
  const problems = [
    ...hidden,
    ...issues.flatMap((issue) =>
      isAboutAll(issue)
        ? [`the event must be an object, not ${describeValue(input)}`]
        : describeIssue(issue, input, { unknown: () => noSuchField }),
    ),
  ];
  throw new InputError([...new Set(problems)]);
}

export const isObject = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

const isAboutAll = ({ code, path }: z.core.$ZodIssue): boolean =>
  code !== 'unrecognized_keys' && path.length === 0;
