import { lazy } from '../aws/client/lazy.ts';
import type { Request } from '../config/request.ts';
import type { Settings } from '../config/settings.ts';
import type { RunContext } from '../run/context/run-context.ts';
import type { PlaintextSender } from '../run/ports/messaging.ts';
import type { OrphanedSecrets } from '../run/ports/orphaned-secrets.ts';
import type { SecretStore } from '../run/ports/secrets.ts';
import { composeBase } from './base.ts';
import type { Environment } from './environment.ts';

/**
 * Builds a run that only reads and publishes nothing. Clients for secrets and topics are loaded on first
 * use, for a quick command line. Not for the Lambda function, whose bundle has everything anyway.
 */
export const composePlan = (
  settings: Settings,
  request: Request,
  environment: Omit<Environment, 'publish'>,
): RunContext =>
  composeBase(settings, request, environment, {
    openSecrets: (...options) => {
      const open = async () => (await import('../aws/secret/open-secrets.ts')).openSecrets(...options);
      return {
        secrets: lazy<SecretStore>(
          ['prepare', 'look', 'deliveryOf', 'stageOf', 'store', 'promote'],
          async () => (await open()).secrets,
        ),
        orphanedSecrets: lazy<OrphanedSecrets>(
          ['list', 'mark', 'scheduleDeletion'],
          async () => (await open()).orphanedSecrets,
        ),
      };
    },
    plaintextTo: (...options) =>
      lazy<PlaintextSender>(['hasEmailReaders', 'send'], async () =>
        (await import('../aws/messaging/plaintext-sender.ts')).snsPlaintext(...options),
      ),
  });
