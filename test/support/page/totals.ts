import type { Totals } from '../../../src/domain/report/run-report.ts';

export const COUNT_NOTHING: Totals = {
  accounts: { rotated: 0, unreachable: 0, skipped: 0, notStarted: 0 },
  users: 0,
  usersNotLookedAt: 0,
  activeKeys: 0,
  inactiveKeys: 0,
  replaced: 0,
  deactivated: 0,
  deleted: 0,
  restored: 0,
  held: 0,
  heldByOrganizationLimit: 0,
  heldByReaders: 0,
  failed: 0,
  partial: 0,
  blocked: 0,
  exempt: 0,
  skippedUsers: 0,
};
