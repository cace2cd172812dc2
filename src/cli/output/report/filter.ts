import {
  rotated,
  type AccountReport,
  type Finding,
  type RunReport,
} from '../../../domain/report/run-report.ts';
import type { Outcome } from '../../../domain/report/outcome.ts';
import { definedOnly } from '../../../domain/defined-only.ts';
import { describeOwner } from '../../../report/common/wording.ts';
import type { Kind } from './kind-names.ts';
import { kindOf, kindOfFinding } from './kinds.ts';

/** What somebody wants to see of a plan. Absent: everything. */
export interface Filter {
  /** Accounts below these units; the run itself is only about them. */
  readonly ou?: readonly string[];
  readonly owner?: readonly string[];
  readonly only?: readonly Kind[];
}

/** Whether something that was found out may be left out. */
export const hides = ({ owner, only }: Filter): boolean => owner !== undefined || only !== undefined;

/** As it stands in JSON; absent where everything is shown. */
export const filterField = (filter: Filter): { readonly filter?: Filter } => {
  const { ou, owner, only } = filter;
  const given = definedOnly({ ou, owner, only });
  return Object.keys(given).length === 0 ? {} : { filter: given };
};

const lower = (text: string): string => text.trim().toLowerCase();

/** Owners in any case, as they are shown. */
export function isOfOwner({ decision }: Outcome, { owner }: Filter): boolean {
  if (owner === undefined) return true;
  const own = decision.owner === undefined ? '' : lower(describeOwner(decision.owner));
  return owner.some((one) => lower(one) === own);
}

/** Whether the key is among what is asked for. */
export const matches = (outcome: Outcome, filter: Filter, now: RunReport['startedAt']): boolean => {
  const kind = kindOf(outcome, now);
  return isOfOwner(outcome, filter) && (filter.only === undefined || filter.only.some((one) => one === kind));
};

/**
 * The part of a report that is asked for. What couldn't be read may be anybody's, so it stays with every owner;
 * what is said of an account or the run as a whole is no owner's.
 */
export function filtered(report: RunReport, filter: Filter): RunReport {
  if (!hides(filter)) return report;
  const { only, owner } = filter;
  const wantsFailed = only === undefined || only.includes('failed');
  const findings = (all: readonly Finding[]): readonly Finding[] =>
    owner !== undefined
      ? []
      : all.filter((finding) => only === undefined || only.some((one) => one === kindOfFinding(finding)));
  return {
    ...report,
    findings: findings(report.findings),
    accounts: report.accounts.flatMap((account): readonly AccountReport[] => {
      switch (account.status) {
        case 'unreachable':
        case 'not-started':
          return wantsFailed ? [account] : [];
        case 'skipped':
          return [];
        case 'rotated': {
          const { notLookedAt: _rest, exclusions: _exclusions, ...whole } = account;
          const shown = {
            ...whole,
            outcomes: account.outcomes.filter((one) => matches(one, filter, report.startedAt)),
            gaps: wantsFailed ? account.gaps : [],
            findings: findings(account.findings),
            uncovered: [],
          };
          const isEmpty = shown.outcomes.length + shown.gaps.length + shown.findings.length === 0;
          return isEmpty ? [] : [shown];
        }
      }
    }),
  };
}

export const isNothing = ({ accounts, findings }: RunReport): boolean =>
  accounts.length === 0 && findings.length === 0;

/** The owners that the run has seen, as they are shown. */
export const ownersIn = ({ accounts }: RunReport): readonly string[] => [
  ...new Set(
    rotated(accounts).flatMap(({ outcomes }) =>
      outcomes.flatMap(({ decision: { owner } }) => (owner === undefined ? [] : [describeOwner(owner)])),
    ),
  ),
];
