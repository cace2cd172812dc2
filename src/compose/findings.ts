import { securityHub } from '../aws/messaging/security-hub.ts';
import { s3Bucket } from '../aws/storage/bucket.ts';
import { storedRuns } from '../aws/storage/stored-runs.ts';
import type { HubAddress } from '../config/security-hub.ts';
import { asffFinding, type AsffFinding } from '../report/asff/finding.ts';
import type { FindingSending } from '../run/findings/send-findings.ts';
import { awsSettings, systemClock, type Environment } from './environment.ts';

export { storedRunNamed } from '../aws/storage/stored-runs.ts';

/** @param reportsUrl of the bucket: REPORTS_URL */
export function findingsTo(
  { url, product }: HubAddress,
  reportsUrl: string,
  place: Pick<Environment, 'region' | 'credentials' | 'endpoint'>,
): FindingSending<AsffFinding> {
  const settings = awsSettings(place);
  return {
    runs: storedRuns(s3Bucket(settings, reportsUrl, systemClock.sleep)),
    hub: securityHub(settings, url, systemClock.sleep),
    format: (problem, state, run) => asffFinding(problem, state, run, product),
  };
}
