import { z } from 'zod';
import { VERDICTS } from '../../domain/report/evidence/checks.ts';
import { CHECKS } from '../../domain/report/evidence/control.ts';
import { EVIDENCE_VERSION } from './json.ts';

/* The forms of evidence.json and manifest.json. The command doesn't check what it writes: tests do. */

const Moment = z.iso.datetime().describe('In UTC.');
const AccountId = z.string().describe('Twelve digits.');
const Arn = z.string().describe('ARN of a person or role; absent where it is not known.');
const Verdict = z.enum(VERDICTS);
const Counts = z.record(Verdict, z.int().nonnegative());
const Check = z.enum(CHECKS);

const Exception = z.strictObject({
  kind: z.enum(['exemption', 'rotation-under-way']),
  owner: z.string().optional(),
  reason: z.string(),
  until: Moment.optional(),
});

const Result = z.strictObject({
  accountId: AccountId,
  accountName: z.string(),
  userName: z
    .string()
    .optional()
    .describe('Absent where it is about the account. `root` in the check root-key.'),
  keyId: z.string().optional().describe('Absent where none is known.'),
  createdAt: Moment.optional(),
  verdict: Verdict,
  why: z.string(),
  since: Moment.optional().describe('Since when it fails, or would.'),
  exception: Exception.optional(),
});

const Evidence = z.strictObject({
  schemaVersion: z.literal(EVIDENCE_VERSION),
  runId: z.string(),
  finishedAt: Moment,
  mode: z.enum(['audit', 'replace-only', 'no-delete', 'enforce']),
  isWhole: z.boolean(),
  controls: z.array(
    z.strictObject({
      id: z.string(),
      framework: z.string(),
      version: z.string(),
      number: z.string(),
      check: Check,
      isEvidenceFor: z.string(),
      saysNothingOf: z.string(),
      counts: Counts,
      strictFail: z.int().describe('What fails where nothing is excepted.'),
    }),
  ),
  checks: z.array(
    z.strictObject({
      name: Check,
      title: z.string(),
      counts: Counts,
      byAccount: z.array(z.strictObject({ accountId: AccountId, accountName: z.string(), counts: Counts })),
      results: z.array(Result),
    }),
  ),
  exceptions: z.array(
    z.strictObject({
      kind: z.enum(['exemption', 'exclusion', 'rotation-under-way']),
      accountId: AccountId,
      accountName: z.string(),
      userName: z.string(),
      keyId: z.string().optional(),
      owner: z.string().optional(),
      setBy: Arn.optional(),
      reason: z.string(),
      until: Moment.optional(),
    }),
  ),
  period: z.strictObject({
    since: Moment,
    until: Moment,
    runs: z.array(
      z.strictObject({
        runId: z.string(),
        finishedAt: Moment,
        isWhole: z.boolean(),
        isRead: z.boolean(),
        requestedBy: Arn.optional(),
      }),
    ),
  }),
  actions: z.array(
    z.strictObject({
      at: Moment,
      runId: z.string(),
      requestedBy: Arn.optional(),
      accountId: AccountId,
      accountName: z.string(),
      userName: z.string(),
      keyId: z.string(),
      what: z.enum(['replace', 'deactivate', 'delete', 'restore']),
      reason: z.string(),
      why: z.string(),
      newKeyId: z.string().optional(),
    }),
  ),
  settings: z.array(
    z.strictObject({
      name: z.string().describe('As docs/settings.md has it.'),
      value: z.string(),
      from: z.string(),
      setBy: Arn.optional(),
      accountId: AccountId.optional(),
    }),
  ),
});

/** The JSON Schema of evidence.json. */
export const evidenceSchema = (): object => ({
  title: 'Evidence of access-key-rotation',
  ...z.toJSONSchema(Evidence),
});

/** @throws z.ZodError for what is no evidence.json */
export const parseEvidence = (json: string): z.infer<typeof Evidence> => Evidence.parse(JSON.parse(json));
