import * as z from 'zod';
import { InputError } from '../domain/errors.ts';
import { describeIssue } from './describe-issue.ts';

/* What S3 tells of an object that was written, by way of EventBridge. */

/** As S3 counts it, in bytes. */
const LONGEST_NAME = 1024;

const key = z
  .string('must be the name of an object')
  .min(1, 'must be the name of an object')
  .max(LONGEST_NAME, `must have at most ${LONGEST_NAME} characters`);

const Event = z.object({ detail: z.object({ object: z.object({ key }) }) });

/** The name of the object. Who sent the event, and about which bucket, it is not asked. @throws InputError */
export function writtenObject(event: unknown): string {
  const parsed = Event.safeParse(event);
  if (parsed.success) return parsed.data.detail.object.key;
  throw new InputError(
    parsed.error.issues.flatMap((issue) =>
      issue.path.length === 0
        ? ['the event must be what S3 tells of a report: with detail.object.key']
        : describeIssue(issue, event, { unknown: () => 'no such field' }),
    ),
  );
}
