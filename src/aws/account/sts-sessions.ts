import type { Sessions } from '../../run/ports/accounts.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { AwsSettings } from '../client/config.ts';
import { openSecrets } from '../secret/open-secrets.ts';
import { openSessions, type RoleSettings } from './sessions.ts';

/** Sessions with all that an account has, its secrets too. */
export const stsSessions = (settings: AwsSettings, role: RoleSettings, clock: Clock): Sessions =>
  openSessions(settings, role, clock, openSecrets);
