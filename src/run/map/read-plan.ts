import { OperationError } from '../../domain/errors.ts';
import type { RunFiles } from '../ports/run-files.ts';
import { organizationFile, planFile, type OrganizationPlan, type RunPlan } from './run-plan.ts';

/** @throws OperationError when there is no such run, or its plan can't be read */
export const readPlan = (runId: string, files: RunFiles): Promise<RunPlan> =>
  readAs<RunPlan>(planFile(runId), runId, files);

/** @throws as `readPlan` does */
export const readOrganizationPlan = (runId: string, files: RunFiles): Promise<OrganizationPlan> =>
  readAs<OrganizationPlan>(organizationFile(runId), runId, files);

async function readAs<Plan>(name: string, runId: string, files: RunFiles): Promise<Plan> {
  const plan = await files.read(name);
  if (plan !== undefined) return plan as Plan;
  throw new OperationError({
    kind: 'not-found',
    during: 's3:GetObject',
    message: `there is no plan of a run ${runId}, or none that can be understood`,
    nextStep: 'Start a run: the state machine does, on schedule or by hand (docs/operations.md).',
  });
}
