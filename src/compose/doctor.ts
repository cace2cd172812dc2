import { definedOnly } from '../domain/defined-only.ts';
import { stsDoors } from '../aws/doctor/account-examiner.ts';
import { serviceClients, serviceExaminer } from '../aws/doctor/service-examiner.ts';
import { composePlan } from './plan.ts';
import type { Surroundings } from './environment.ts';
import type { Request } from '../config/request.ts';
import type { Settings } from '../config/settings.ts';
import type { Examination } from '../run/doctor/examination.ts';

/** Builds what `doctor` needs: a plan, and the adapters that examine the service. Calls nothing yet. */
export function composeDoctor(
  settings: Settings,
  request: Request,
  surroundings: Omit<Surroundings, 'publish' | 'progress' | 'deadline'>,
  progress: Examination['progress'],
): Examination {
  const { region, endpoint, credentials } = surroundings;
  const {
    runId,
    now,
    selection,
    accountConcurrency,
    directory,
    settings: source,
  } = composePlan(settings, request, surroundings);
  const aws = {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  const { roleName, rolePath, externalId, tableName, topicArn, secretKmsKeyId } = settings;
  return {
    now,
    region,
    ...definedOnly({ tableName, topicArn, secretKmsKeyId }),
    role: { roleName, rolePath, hasExternalId: externalId !== undefined },
    selection,
    accountConcurrency,
    directory,
    settings: source,
    service: serviceExaminer(serviceClients(aws)),
    doors: stsDoors(aws, {
      role: { roleName, rolePath },
      ...definedOnly({ externalId }),
      runId,
    }),
    progress,
  };
}
