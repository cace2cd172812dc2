import { bucketFiles } from '../aws/storage/bucket-files.ts';
import { s3Bucket } from '../aws/storage/bucket.ts';
import type { RunFiles } from '../run/ports/run-files.ts';
import { awsSettings, systemClock, type Environment } from './environment.ts';

/**
 * What the processes of a run tell each other, in the bucket of the deployment.
 * @param url of the bucket: REPORTS_URL
 */
export const runFiles = (
  url: string,
  environment: Pick<Environment, 'region' | 'credentials' | 'counts'>,
): RunFiles => bucketFiles(s3Bucket(awsSettings(environment), url, systemClock.sleep));
