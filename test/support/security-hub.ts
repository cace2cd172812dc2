import type { AsffFinding } from '../../src/report/asff/finding.ts';
import type { Emulator } from './emulator/emulator.ts';
import { REGION } from './world.ts';

/** The call that brings findings, as policies write it. */
export const IMPORT = 'securityhub:BatchImportFindings';

const asked = async ({ endpoint }: Emulator, accountId: string, path: string): Promise<unknown> => {
  const answer = await fetch(`${endpoint}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-moto-account-id': accountId,
      authorization: `AWS4-HMAC-SHA256 Credential=operator/20260101/${REGION}/securityhub/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: '{}',
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};

export const enableSecurityHub = async (emulator: Emulator, accountId: string): Promise<void> => {
  await asked(emulator, accountId, '/accounts');
};

/** All of them, archived ones among them, in the order in which they came. */
export const findingsIn = async (emulator: Emulator, accountId: string): Promise<readonly AsffFinding[]> =>
  ((await asked(emulator, accountId, '/findings')) as { readonly Findings: readonly AsffFinding[] }).Findings;
