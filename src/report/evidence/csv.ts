import { csvFormatRows } from 'd3-dsv';
import type { Evidence } from '../../domain/report/evidence/evidence.ts';
import { isoOf } from '../common/wording.ts';
import { safe } from '../overview/csv.ts';

/* One file for each list, for a spreadsheet. Nothing in a cell is carried out by the program that opens it. */

type Cell = string | number | undefined;

const csv = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  `${csvFormatRows([[...head], ...rows.map((row) => row.map(safe))])}\n`;

const dateIn = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : isoOf(instant);

export const controlsCsv = ({ controls }: Evidence): string =>
  csv(
    [
      'control',
      'framework',
      'version',
      'number',
      'check',
      'pass',
      'fail',
      'excepted',
      'not_assessed',
      'strict_fail',
      'is_evidence_for',
      'says_nothing_of',
    ],
    controls.map(({ counts, ...control }) => [
      control.id,
      control.framework,
      control.version,
      control.number,
      control.check,
      counts.pass,
      counts.fail,
      counts.excepted,
      counts['not-assessed'],
      control.strictFail,
      control.isEvidenceFor,
      control.saysNothingOf,
    ]),
  );

export const accountsCsv = ({ checks }: Evidence): string =>
  csv(
    ['check', 'account_id', 'account_name', 'pass', 'fail', 'excepted', 'not_assessed'],
    checks.flatMap(({ name, byAccount }) =>
      byAccount.map(({ accountId, accountName, counts }) => [
        name,
        accountId,
        accountName,
        counts.pass,
        counts.fail,
        counts.excepted,
        counts['not-assessed'],
      ]),
    ),
  );

export function resultsCsv({ checks, controls }: Evidence): string {
  const head = [
    'check',
    'controls',
    'account_id',
    'account_name',
    'user',
    'access_key_id',
    'created_at',
    'verdict',
    'why',
    'since',
    'exception',
    'exception_owner',
    'exception_reason',
    'exception_until',
  ];
  const rows = checks.flatMap(({ name, results }) => {
    const ids = controls.flatMap(({ id, check }) => (check === name ? [id] : [])).join(' ');
    return results.map((one): readonly Cell[] => [
      name,
      ids,
      one.accountId,
      one.accountName,
      one.userName,
      one.keyId,
      dateIn(one.createdAt),
      one.verdict,
      one.why,
      dateIn(one.since),
      one.exception?.kind,
      one.exception?.owner,
      one.exception?.reason,
      dateIn(one.exception?.until),
    ]);
  });
  return csv(head, rows);
}

export const exceptionsCsv = ({ exceptions }: Evidence): string =>
  csv(
    ['kind', 'account_id', 'account_name', 'user', 'access_key_id', 'owner', 'set_by', 'reason', 'until'],
    exceptions.map((one) => [
      one.kind,
      one.accountId,
      one.accountName,
      one.userName,
      one.keyId,
      one.owner,
      one.setBy,
      one.reason,
      dateIn(one.until),
    ]),
  );

export const actionsCsv = ({ actions }: Evidence): string =>
  csv(
    [
      'at',
      'run_id',
      'requested_by',
      'account_id',
      'account_name',
      'user',
      'access_key_id',
      'action',
      'reason',
      'why',
      'new_access_key_id',
    ],
    actions.map((one) => [
      dateIn(one.at),
      one.runId,
      one.requestedBy,
      one.accountId,
      one.accountName,
      one.userName,
      one.keyId,
      one.what,
      one.reason,
      one.why,
      one.newKeyId,
    ]),
  );

export const settingsCsv = ({ settings }: Evidence): string =>
  csv(
    ['account_id', 'setting', 'value', 'set_at', 'set_by'],
    settings.map(({ accountId, name, value, from, setBy }) => [accountId, name, value, from, setBy]),
  );
