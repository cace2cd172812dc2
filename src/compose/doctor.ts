import { definedOnly } from '../domain/defined-only.ts';
import { stsAccountAccess } from '../aws/doctor/account-examiner.ts';
import { serviceClients, serviceExaminer } from '../aws/doctor/service-examiner.ts';
import { snsReaderLookup } from '../aws/messaging/reader-lookup.ts';
import { hasPageAt, storedRunsAt } from './stored-runs.ts';
import { composePlan } from './plan.ts';
import { systemClock, type Environment } from './environment.ts';
import type { Request } from '../config/request.ts';
import type { Settings } from '../config/settings.ts';
import type { Examination } from '../run/doctor/examination.ts';

/** Builds what `doctor` needs: a plan, and the adapters that examine the service. Calls nothing yet. */
export function composeDoctor(
  settings: Settings,
  request: Request,
  environment: Omit<Environment, 'publish' | 'progress' | 'deadline'>,
  progress: Examination['progress'],
): Examination {
  const { region, endpoint, credentials } = environment;
  const {
    runId,
    now,
    selection,
    accountConcurrency,
    directory,
    formerMembers,
    settings: source,
  } = composePlan(settings, request, environment);
  const aws = {
    region,
    ...definedOnly({ endpoint, credentials }),
  };
  const { roleName, rolePath, externalId, tableName, topicArn, secretKmsKeyId, organizationsRoleArn } =
    settings;
  return {
    now,
    region,
    ...definedOnly({ tableName, topicArn, secretKmsKeyId }),
    role: {
      roleName,
      rolePath,
      hasExternalId: externalId !== undefined,
      listsByRole: organizationsRoleArn !== undefined,
    },
    ...definedOnly({ externalId }),
    selection,
    accountConcurrency,
    directory,
    ...definedOnly({ formerMembers }),
    settings: source,
    service: {
      ...serviceExaminer(serviceClients(aws)),
      reports: (url) => storedRunsAt(url, aws).list(),
      hasPage: (url, run) => hasPageAt(url, run, aws),
    },
    readers: snsReaderLookup(aws),
    access: stsAccountAccess(
      aws,
      { role: { roleName, rolePath }, ...definedOnly({ externalId }), runId },
      environment.clock ?? systemClock,
    ),
    progress,
  };
}
