import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Emulator } from '../../test/support/emulator/emulator.ts';
import { REGION } from '../../test/support/world.ts';

/* Prowler's checks of one account, by its own command. */

const run = promisify(execFile);

export const CHECKS = [
  'iam_rotate_access_key_90_days',
  'iam_user_two_active_access_key',
  'iam_user_accesskey_unused',
  'iam_no_root_access_key',
] as const;
export type Check = (typeof CHECKS)[number];

/** One line of Prowler's output. */
export interface ProwlerResult {
  readonly check: Check;
  readonly accountId: string;
  /** `<root_account>` is the root user. */
  readonly userName: string;
  /** Which of the user's keys it is about, as the credential report counts them; absent: about the user. */
  readonly slot?: 1 | 2;
  readonly status: 'PASS' | 'FAIL';
  readonly detail: string;
}

/** Of Prowler's OCSF: what is read here. */
const Output = z.array(
  z.object({
    metadata: z.object({ event_code: z.enum(CHECKS) }),
    status_code: z.enum(['PASS', 'FAIL']),
    status_detail: z.string(),
    resources: z.tuple([z.object({ uid: z.string(), name: z.string() })]),
  }),
);

/**
 * @param accountId whose administrator looks: a role session, as auditors have it
 * @throws Error when Prowler ends with anything but 0
 */
export async function scan(
  prowler: string,
  emulator: Emulator,
  accountId: string,
): Promise<readonly ProwlerResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'prowler-'));
  try {
    const what = ['aws', '--checks', ...CHECKS, '--region', REGION, '--ignore-exit-code-3'];
    const where = ['-M', 'json-ocsf', '-o', folder, '-F', 'findings', '--no-banner', '--no-color'];
    const env = await environmentOf(emulator, accountId, folder);
    await run(prowler, [...what, ...where], { env, cwd: folder, maxBuffer: 64 * 1024 * 1024 });
    return readResults(readFileSync(join(folder, 'findings.ocsf.json'), 'utf8'), accountId);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Nothing of the own one but the path: no profile, no key, no region. What isn't on this machine can't be reached. */
async function environmentOf(
  emulator: Emulator,
  accountId: string,
  home: string,
): Promise<Readonly<Record<string, string>>> {
  const credentials = await emulator.credentialsFor(accountId, 'auditor');
  const nowhere = 'http://127.0.0.1:9';
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    AWS_EC2_METADATA_DISABLED: 'true',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: '127.0.0.1',
  };
}

/** Prowler's file of findings. */
export const readResults = (ocsf: string, accountId: string): readonly ProwlerResult[] =>
  Output.parse(JSON.parse(ocsf)).map((one) => resultOf(one, accountId));

function resultOf(one: z.infer<typeof Output>[number], accountId: string): ProwlerResult {
  const [{ uid, name }] = one.resources;
  // `ann-access-key-1` or `ann/AccessKey1`; users may be called anything, so the ARN says who it is.
  const slot = /(?:-access-key-|\/AccessKey)([12])$/.exec(name)?.[1];
  const isRoot = uid.endsWith(':root');
  const userName = isRoot ? '<root_account>' : uid.slice(uid.lastIndexOf('/') + 1);
  return {
    check: one.metadata.event_code,
    accountId,
    userName,
    ...(slot === undefined || name === userName ? {} : { slot: slot === '1' ? 1 : 2 }),
    status: one.status_code,
    detail: one.status_detail,
  };
}
