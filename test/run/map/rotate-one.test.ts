import { expect } from 'chai';
import { MINUTE } from '../../../src/domain/time.ts';
import type { RunFiles } from '../../../src/run/ports/run-files.ts';
import { rotateOne } from '../../../src/run/map/rotate-one.ts';
import { accountFile, type AccountFile, type RunPlan } from '../../../src/run/map/run-plan.ts';
import { rotatedAccount, snapshotOf, T0 } from '../../support/builders.ts';
import { memoryOrganization } from '../../support/memory/organization.ts';

const COUNTS = { calls: 0, throttles: 0 };

function memoryFiles(): RunFiles {
  const files = new Map<string, unknown>();
  const write = async (name: string, value: unknown) => void files.set(name, value);
  const read = async (name: string) => files.get(name);
  return { write, read, writeJson: write, readJson: read };
}

describe('an account whose process is started twice', () => {
  for (const [title, endsMeanwhile, status] of [
    ['keeps the report of the one that held it', true, 'rotated'],
    ['is held by the other one as long as that has left none', false, 'skipped'],
  ] as const) {
    it(title, async () => {
      const organization = memoryOrganization();
      const { account, iam } = organization.add();
      iam.addKey('ann');
      const files = memoryFiles();
      const plan: RunPlan = {
        runId: 'run-1',
        startedAt: T0,
        request: { accountIds: [], userNames: [] },
        snapshot: snapshotOf({ mode: 'enforce' }),
        withOus: false,
        turn: 0,
      };
      const file = accountFile(plan.runId, account.id);
      await organization.ledger.port.acquireLease(account.id, 'run-1:first', T0 + MINUTE, T0);
      const run = organization.run({
        around: async ({ name }, proceed) => {
          const answer = await proceed();
          if (name === 'ledger.acquireLease' && endsMeanwhile) {
            const { settings: _, ...report } = rotatedAccount({ account });
            await files.write(file, { report, hasSettings: true, counts: COUNTS });
          }
          return answer;
        },
      });
      expect(await rotateOne(account, plan, run, COUNTS, files)).to.equal(status);
      expect(((await files.read(file)) as AccountFile).report.status).to.equal(status);
    });
  }
});
