import { regionIn } from '../../domain/arn.ts';
import type { AwsSettings } from './config.ts';

/**
 * One client for each region, found by what it is asked about: an ARN names its region, and what is no
 * ARN is in the region of the service.
 */
export function clientsByRegion<Client>(
  settings: AwsSettings,
  make: (settings: AwsSettings) => Client,
): (arnOrName: string) => Client {
  const clients = new Map<string, Client>();
  return (arnOrName) => {
    const region = regionIn(arnOrName) ?? settings.region;
    const client = clients.get(region) ?? make({ ...settings, region });
    clients.set(region, client);
    return client;
  };
}
