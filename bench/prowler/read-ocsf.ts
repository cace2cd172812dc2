import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/* Our own findings, read by the models of OCSF with which Prowler writes its findings (py-ocsf-models). */

const READER = fileURLToPath(new URL('read-ocsf.py', import.meta.url));

const Answer = z.object({ valid: z.int(), refused: z.array(z.string()) });
export type OcsfRead = z.infer<typeof Answer>;

/**
 * @param python of the environment with Prowler
 * @param lines as `report --ocsf` writes them
 * @throws Error when they can't be read at all
 */
export function readOcsf(python: string, lines: string): OcsfRead {
  const { status, stdout, stderr } = spawnSync(python, [READER], { input: lines, encoding: 'utf8' });
  if (status !== 0) throw new Error(`OCSF findings could not be read: ${stderr.trim()}`);
  return Answer.parse(JSON.parse(stdout));
}
