import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { STSClient } from '@aws-sdk/client-sts';
import type { AccountDirectory } from '../../run/ports/accounts.ts';
import type { Clock } from '../../run/ports/clock.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { shared } from '../client/credentials.ts';
import { assumeRole, sessionNameOf } from './assume-role.ts';
import { organizationDirectory } from './organization.ts';

/** The role that may list the organization, where the account of the service may not. */
export interface OrganizationsRole {
  readonly roleArn: string;
  readonly runId: string;
}

/** The accounts of the organization, listed with the credentials of the service or by a role. */
export function accountDirectory(
  settings: AwsSettings,
  role: OrganizationsRole | undefined,
  clock: Pick<Clock, 'now'>,
): AccountDirectory {
  if (role === undefined) return organizationDirectory(organizationsClient(settings));
  const { roleArn, runId } = role;
  const sts = countCalls(new STSClient(clientConfig(settings)), settings.counts);
  const fetch = () =>
    assumeRole(sts, {
      roleArn,
      sessionName: sessionNameOf(runId),
      nextStep: `Check that ROTATION_ORGANIZATIONS_ROLE_ARN (${roleArn}) exists and that its trust policy admits the role of the service.`,
    });
  return {
    list: async (options) => {
      const credentials = shared(fetch, await fetch(), () => clock.now());
      return organizationDirectory(organizationsClient({ ...settings, credentials })).list(options);
    },
  };
}

const organizationsClient = (settings: AwsSettings): OrganizationsClient =>
  countCalls(new OrganizationsClient(clientConfig(settings)), settings.counts);
