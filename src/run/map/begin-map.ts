import { definedOnly } from '../../domain/defined-only.ts';
import type { AccountReport } from '../../domain/report/run-report.ts';
import type { RunContext } from '../context/run-context.ts';
import type { LastRun } from '../ports/last-run.ts';
import type { RunFiles } from '../ports/run-files.ts';
import { beginRun } from '../rotation/rotate-organization.ts';
import {
  itemsFile,
  organizationFile,
  planFile,
  type Counts,
  type MapItem,
  type OrganizationPlan,
  type RunPlan,
} from './run-plan.ts';

/** What the state machine needs to know to go on. */
export interface BegunMap {
  readonly runId: string;
  /** The name of the file with the items of the map. */
  readonly items: string;
  /** How many there are. */
  readonly accounts: number;
}

/**
 * Reads the settings, lists the accounts, and leaves what their processes and the end of the run need.
 * @param counts read when everything else is done
 * @throws InputError when the settings name accounts or units that the organization doesn't have
 * @throws OperationError when the settings can't be read, the organization can't be listed, or a file can't be written
 */
export async function beginMap(
  run: RunContext,
  request: RunPlan['request'],
  { last, counts }: { readonly last: LastRun; readonly counts: Counts },
  files: RunFiles,
): Promise<BegunMap> {
  const { runId, now: startedAt } = run;
  const { snapshot, accounts, withOus, findings, jobs } = await beginRun(run);
  const selected = jobs.flatMap(({ account, skipped }) => (skipped === undefined ? [account] : []));
  const skipped = jobs.flatMap(({ account, skipped: cause }): readonly AccountReport[] =>
    cause === undefined ? [] : [{ status: 'skipped', account, cause }],
  );
  run.progress.accountsFound(jobs.length);

  const plan: RunPlan = { runId, startedAt, request, snapshot, withOus, turn: run.turn };
  const deferred = new Map(last.deferred.map((one) => [one.accountId, one]));
  const items = selected.map((account): MapItem => ({
    account,
    ...definedOnly({ surveyed: run.surveyed.get(account.id), deferred: deferred.get(account.id) }),
  }));
  await files.write(planFile(runId), plan);
  await files.writeJson(itemsFile(runId), items);
  const organization: OrganizationPlan = {
    accounts,
    findings,
    skipped,
    selected,
    last,
    counts: { calls: counts.calls, throttles: counts.throttles },
  };
  await files.write(organizationFile(runId), organization);
  return { runId, items: itemsFile(runId), accounts: items.length };
}
