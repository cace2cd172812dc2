import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  type GetCredentialReportCommandOutput,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { csvParseRows } from 'd3-dsv';
import * as z from 'zod';
import { definedOnly } from '../../domain/defined-only.ts';
import type { CredentialReport, ReportedKey, ReportedUser } from '../../domain/rotation/credential-report.ts';
import { SECOND, type Duration, type Instant } from '../../domain/time.ts';
import type { Clock } from '../../run/ports/clock.ts';
import { ask, badAnswer, operationErrorOf, required } from '../client/errors.ts';

const GENERATE = 'iam:GenerateCredentialReport';
const GET = 'iam:GetCredentialReport';

/** Small reports are there after a second or two; after that, the time between two looks doubles. */
const FIRST_WAIT: Duration = SECOND;
const LONGEST_WAIT: Duration = 16 * SECOND;

/**
 * The credential report of an account. IAM makes it when it is asked to, unless one of the last four hours is
 * there.
 * @param until the last moment to wait for it
 * @returns undefined where it isn't there in time
 * @throws OperationError when IAM refuses it, or when it is none
 */
export async function readCredentialReport(
  iam: IAMClient,
  clock: Clock,
  until: Instant,
): Promise<CredentialReport | undefined> {
  let wait = (await generateReport(iam)) ? 0 : FIRST_WAIT;
  for (;;) {
    if (wait > 0) {
      if (clock.now() + wait > until) return undefined;
      await clock.sleep(wait);
    }
    const answer = await getReport(iam);
    if (answer !== undefined) return parseReport(answer);
    wait = Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, 2 * wait));
  }
}

/**
 * Has the report made, where there is none of the last four hours.
 * @returns whether it is there
 */
export async function generateReport(iam: IAMClient): Promise<boolean> {
  const { State } = await ask(GENERATE, () => iam.send(new GenerateCredentialReportCommand({})));
  return required(GENERATE, State, 'the state of the report') === 'COMPLETE';
}

/** Not yet, or not any more. */
const NOT_THERE: readonly string[] = [
  'CredentialReportExpiredException',
  'CredentialReportNotPresentException',
  'CredentialReportNotReadyException',
];

/** The answer as it is; undefined where the report isn't there yet. */
export async function getReport(iam: IAMClient): Promise<GetCredentialReportCommandOutput | undefined> {
  try {
    return await iam.send(new GetCredentialReportCommand({}));
  } catch (error) {
    if (error instanceof Error && NOT_THERE.includes(error.name)) return undefined;
    throw operationErrorOf(error, GET);
  }
}

const ROOT = '<root_account>';

/** What this service reads of a row, by the names of the documentation; there are more columns. */
const Row = z.object({
  user: z.string().min(1),
  arn: z.string().min(1),
  ...columnsOf(1),
  ...columnsOf(2),
});
type Row = z.infer<typeof Row>;

function columnsOf<Place extends 1 | 2>(place: Place) {
  const names = [
    'active',
    'last_rotated',
    'last_used_date',
    'last_used_region',
    'last_used_service',
  ] as const;
  return Object.fromEntries(names.map((name) => [`access_key_${place}_${name}`, z.string()])) as Record<
    `access_key_${Place}_${(typeof names)[number]}`,
    z.ZodString
  >;
}

/** @throws OperationError for what is no credential report: nobody must be left out for that */
function parseReport({ Content }: GetCredentialReportCommandOutput): CredentialReport {
  const text = new TextDecoder().decode(required(GET, Content, 'a report'));
  const rows = z.array(Row).safeParse(rowsOf(text));
  const root = rows.data?.find(({ user }) => user === ROOT);
  if (rows.data === undefined || root === undefined) {
    throw badAnswer(GET, 'a report with the columns that are documented, and the row of the root user');
  }
  return {
    // Only for root nothing else tells, so what isn't clear counts as a key.
    rootHasKeys: keysIn(root).some(({ kind }) => kind === 'active' || kind === 'unclear'),
    users: rows.data.filter((row) => row !== root).map(reportedUser),
  };
}

/** The cells of each row by the names in the first one; undefined where a row has more or fewer than that. */
function rowsOf(text: string): readonly Readonly<Record<string, string>>[] | undefined {
  const [names = [], ...rows] = csvParseRows(text).filter((cells) => cells.some((cell) => cell !== ''));
  if (rows.some((cells) => cells.length !== names.length)) return undefined;
  return rows.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])));
}

/** `arn:aws:iam::111122223333:user/teams/payments/ann`: the path is what stands before the name. */
function reportedUser(row: Row): ReportedUser {
  const named = /:user(\/.*)$/.exec(row.arn)?.[1];
  if (named?.endsWith(`/${row.user}`) !== true) throw badAnswer(GET, 'the ARN of a user');
  return { userName: row.user, path: named.slice(0, named.length - row.user.length), keys: keysIn(row) };
}

const keysIn = (row: Row): readonly ReportedKey[] => [
  keyIn({
    active: row.access_key_1_active,
    changed: row.access_key_1_last_rotated,
    used: row.access_key_1_last_used_date,
    region: row.access_key_1_last_used_region,
    service: row.access_key_1_last_used_service,
  }),
  keyIn({
    active: row.access_key_2_active,
    changed: row.access_key_2_last_rotated,
    used: row.access_key_2_last_used_date,
    region: row.access_key_2_last_used_region,
    service: row.access_key_2_last_used_service,
  }),
];

interface Cells {
  readonly active: string;
  readonly changed: string;
  readonly used: string;
  readonly region: string;
  readonly service: string;
}

/** IAM writes `true` and `false`; the console's download, `TRUE` and `FALSE`. */
function keyIn({ active, changed, used, region, service }: Cells): ReportedKey {
  const changedAt = momentIn(changed);
  const usedAt = momentIn(used);
  if (changedAt === 'unclear' || usedAt === 'unclear') return { kind: 'unclear' };
  switch (active.toLowerCase()) {
    case 'true': {
      if (changedAt === undefined) return { kind: 'unclear' };
      const lastUse =
        usedAt === undefined
          ? undefined
          : { at: usedAt, ...definedOnly({ service: said(service), region: said(region) }) };
      return { kind: 'active', changedAt, ...definedOnly({ lastUse }) };
    }
    case 'false':
      return changedAt === undefined && usedAt === undefined
        ? { kind: 'none' }
        : { kind: 'inactive', ...definedOnly({ changedAt }) };
    default:
      return { kind: 'unclear' };
  }
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/;

function momentIn(cell: string): Instant | undefined | 'unclear' {
  const text = said(cell);
  if (text === undefined) return undefined;
  const at = ISO.test(text) ? Date.parse(text) : NaN;
  return Number.isFinite(at) ? at : 'unclear';
}

const NOTHING_TO_SAY: readonly string[] = ['', 'N/A', 'no_information', 'not_supported'];
const said = (cell: string): string | undefined => (NOTHING_TO_SAY.includes(cell) ? undefined : cell);
