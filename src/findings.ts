import { findingsTo, storedRunNamed } from './compose/findings.ts';
import { findRegion } from './compose/region.ts';
import { whatFailed } from './conclude.ts';
import { writtenObject } from './config/written-object.ts';
import { reportsUrl } from './config/reports-url.ts';
import { hubAddressIn } from './config/security-hub.ts';
import { OperationError } from './domain/errors.ts';
import { clean } from './report/common/sanitize.ts';
import { sendFindings, type FindingsSent } from './run/findings/send-findings.ts';
import type { RefusedFinding } from './run/ports/findings.ts';
import { telemetry, type Telemetry } from './telemetry.ts';

/** Every one is in the log up to so many; beyond, they are all refused for the same reason. */
const MOST_LOGGED = 50;

/**
 * Sends to Security Hub what needs attention, whenever a run has left its report. The run is over by then, so
 * nothing that fails here makes it fail; Lambda tries again, and the queue of failed runs tells the operators.
 * @param event of S3, by way of EventBridge
 * @throws InputError when event or environment are wrong
 * @throws OperationError when the report can't be read, or findings can't be sent or were refused
 */
export async function sendRunFindings(event: unknown): Promise<FindingsSent> {
  const log = telemetry();
  try {
    return await send(event, log);
  } catch (error) {
    log.error('findings could not be sent', whatFailed(error, 'send findings to Security Hub'));
    log.emit([{ name: 'FindingsFailed', unit: 'Count', value: 1 }]);
    throw error;
  }
}

async function send(event: unknown, log: Telemetry): Promise<FindingsSent> {
  const name = writtenObject(event);
  const run = storedRunNamed(name);
  const hub = hubAddressIn(process.env);
  const sending = findingsTo(hub, reportsUrl(process.env), { region: await findRegion() });
  const sent = run === undefined ? undefined : await sendFindings(run.runId, sending);
  if (sent === undefined || sent.kind === 'no-such-run') {
    log.warn('no findings: there is no such report', { report: clean(name) });
    return { kind: 'no-such-run' };
  }
  const { refused, nothingBefore: failure, ...counts } = sent;
  if (failure !== undefined) {
    log.warn('the reports of earlier runs could not be read, so nothing is archived', { failure });
  }
  for (const one of refused.slice(0, MOST_LOGGED)) log.warn('a finding was refused', { ...told(one) });
  if (refused.length > 0) throw refusal(refused);
  log.info('findings sent', { ...counts });
  log.emit([{ name: 'FindingsFailed', unit: 'Count', value: 0 }]);
  return sent;
}

const told = ({ id, code, message }: RefusedFinding): RefusedFinding => ({
  id: clean(id),
  code: clean(code),
  message: clean(message),
});

function refusal(refused: readonly RefusedFinding[]): OperationError {
  const codes = [...new Set(refused.map(({ code }) => clean(code, 64)))];
  const isOff = codes.some((code) => /^InvalidAccess/.test(code));
  return new OperationError({
    kind: isOff ? 'denied' : 'unknown',
    during: 'securityhub:BatchImportFindings',
    message: `${refused.length} findings were refused: ${codes.slice(0, 5).join(', ')}`,
    nextStep: isOff
      ? 'Enable Security Hub in the account and the region of the service, or deploy with securityHub: false.'
      : 'The log of this function names them, each with what Security Hub says; the first run of the next day sends what is there again.',
  });
}
