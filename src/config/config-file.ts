import * as z from 'zod';
import { InputError } from '../domain/errors.ts';
import { describeIssue } from './describe-issue.ts';
import { noSuch } from './nearest.ts';
import { readTree } from './yaml-tree.ts';

/** Where a command works, for whoever always works there. */
export interface Config {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly functionName?: string | undefined;
}

const Config = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'must be a region, like eu-central-1')
    .optional(),
  profile: z.string().min(1, 'must be the name of a profile of the AWS CLI').optional(),
  functionName: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be the name of the deployed function, or none')
    .optional(),
});

/**
 * Reads the file of a command line.
 * @throws InputError with all problems at once
 */
export function readConfig(text: string): Config {
  const tree = readTree(text);
  const parsed = Config.safeParse(tree);
  if (parsed.success) return parsed.data;
  throw new InputError(parsed.error.issues.flatMap((issue) => problemsOf(issue, tree)));
}

const NAMES = Object.keys(Config.shape);

function problemsOf(issue: z.core.$ZodIssue, tree: unknown): readonly string[] {
  if (issue.path.length === 0 && issue.code === 'invalid_type') {
    return [`must be a list of names and values, like region: eu-central-1; known are ${NAMES.join(', ')}`];
  }
  return describeIssue(issue, tree, { unknown: (name) => noSuch('setting of this file', name, NAMES) });
}
