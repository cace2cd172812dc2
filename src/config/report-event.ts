import * as z from 'zod';
import { InputError } from '../domain/errors.ts';

/* What EventBridge tells of an object that was written to a bucket of S3. */

const Event = z.object({ detail: z.object({ object: z.object({ key: z.string().min(1).max(1024) }) }) });

/** The name of the object; the bucket is the deployment's, whatever the event says. @throws InputError */
export function writtenObject(event: unknown): string {
  const read = Event.safeParse(event);
  if (read.success) return read.data.detail.object.key;
  throw new InputError([
    'detail.object.key: must be the name of a report, like reports/runs/..., in an event of S3',
  ]);
}
