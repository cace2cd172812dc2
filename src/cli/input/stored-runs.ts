import { storedRunsAt } from '../../compose/stored-runs.ts';
import { reportsUrlIn } from '../../config/reports-url.ts';
import { OperationError } from '../../domain/errors.ts';
import type { StoredRuns } from '../../run/ports/stored-runs.ts';
import type { Input } from './read-input.ts';
import type { SettingsSource } from './deployed-settings.ts';
import type { Terminal } from './terminal.ts';

/** What runs have left, in the bucket that the deployed function names. @throws OperationError where none is known */
export function openStoredRuns({ source, aws }: Input, environment: Terminal['environment']): StoredRuns {
  const url = storedRunsUrl(environment, source);
  if (url === undefined) throw notKnown(source, aws.region);
  return storedRunsAt(url, aws);
}

/** Undefined where nobody says where they are. */
const storedRunsUrl = (own: Terminal['environment'], { found }: SettingsSource): string | undefined =>
  reportsUrlIn(own) ?? reportsUrlIn(found.kind === 'found' ? found.variables : {});

function notKnown({ found, functionName }: SettingsSource, region: string): OperationError {
  const orLive = 'Or look now, which enters every account: --live.';
  if (found.kind === 'unreadable') {
    return new OperationError({ ...found.failure, nextStep: `${found.failure.nextStep} ${orLive}` });
  }
  const message = {
    found: `the function ${functionName} in ${region} stores none`,
    missing: `there is no function ${functionName} in ${region} that would say where they are`,
    'not-asked': 'the function is not to be asked where they are',
  }[found.kind];
  const nextStep = {
    found: 'Deploy this version.',
    missing: 'Set AWS_REGION and AWS_PROFILE to where it is deployed.',
    'not-asked': 'Set REPORTS_URL to the bucket of the deployment.',
  }[found.kind];
  return new OperationError({
    kind: 'not-found',
    during: 'find the stored reports',
    message,
    nextStep: `${nextStep} ${orLive}`,
  });
}
