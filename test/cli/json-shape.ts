import * as z from 'zod';

/* The shape of `plan --json` as it is documented; fields may be added to it, none may go. */

const iso = z.iso.datetime();
const action = z.enum([
  'keep',
  'replace',
  'deactivate',
  'delete',
  'wait',
  'blocked',
  'exempt',
  'skip',
  'restore',
]);
const mode = z.enum(['audit', 'replace-only', 'no-delete', 'enforce']);

const Outcome = z.looseObject({
  userName: z.string().min(1),
  owner: z.string().min(1).optional(),
  accessKeyId: z.string().startsWith('AKIA').nullable(),
  action,
  reason: z.string().regex(/^[a-z-]+$/),
  message: z.string().min(1),
  dueAt: iso.optional(),
  status: z.enum(['applied', 'held', 'failed', 'partial', 'none']),
  secretArn: z.string().startsWith('arn:').optional(),
});

const Account = z.looseObject({
  accountId: z.string().regex(/^\d{12}$/),
  accountName: z.string(),
  status: z.enum(['rotated', 'unreachable', 'skipped', 'not-started']),
  mode: mode.optional(),
  cause: z.string().min(1).optional(),
  usersNotCovered: z.int().min(0).optional(),
  outcomes: z.array(Outcome),
});

const count = z.int().min(0);

const ReportShape = z.looseObject({
  schemaVersion: z.literal(1),
  runId: z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{6}$/),
  mode,
  startedAt: iso,
  finishedAt: iso,
  accounts: z.array(Account),
  totals: z.looseObject({
    accounts: z.looseObject({ rotated: count, unreachable: count, skipped: count, notStarted: count }),
    users: count,
    activeKeys: count,
    inactiveKeys: count,
    replaced: count,
    deactivated: count,
    deleted: count,
    restored: count,
    held: count,
    failed: count,
    partial: count,
    blocked: count,
    exempt: count,
  }),
});

/** The whole of what was printed, as a report of the documented shape. */
export const reportIn = (stdout: string) => ReportShape.parse(JSON.parse(stdout));
