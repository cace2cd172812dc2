import pc from 'picocolors';
import { written } from '../../config/setting-values.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import type { Account } from '../../domain/account.ts';
import type { Failure } from '../../domain/errors.ts';
import { deadlineGraceOf, type Exemption } from '../../domain/rotation/policy.ts';
import type { centralReaderPolicies } from '../../domain/secrets/central-secret-access.ts';
import type { Coverage } from '../../domain/settings/coverage.ts';
import type { ResolvedSettings } from '../../domain/settings/resolve.ts';
import { SETTING_NAMES } from '../../domain/settings/setting.ts';
import { dateOf } from '../../domain/time.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import { describeAccount } from '../../report/common/wording.ts';
import { formatValue } from './settings.ts';
import { DEFAULT_COLUMNS, tableOf } from './table.ts';

/** What `settings show` has found out. */
export interface Shown {
  readonly account: Account;
  readonly userName?: string;
  /** Absent where the settings can't be resolved. */
  readonly resolved?: ResolvedSettings;
  readonly user?: ShownUser;
  readonly failure?: Failure;
}

/** What the settings mean for a user. */
export interface ShownUser {
  readonly coverage: Coverage;
  readonly exemption?: Exemption;
  readonly owner?: string;
  /** Who or what names it. */
  readonly ownerFrom?: string;
  readonly central?: ReturnType<typeof centralReaderPolicies>;
}

export function formatShown(
  { account, userName, resolved, user, failure }: Shown,
  columns = DEFAULT_COLUMNS,
): string {
  const whose = userName === undefined ? '' : `${clean(userName)} of `;
  const problem =
    failure === undefined
      ? []
      : [
          `${pc.red(`${failure.during}:`)} ${whole(failure.message)}`,
          `  Next step: ${whole(failure.nextStep)}`,
        ];
  const table =
    resolved === undefined
      ? []
      : [
          tableOf(
            { head: ['Setting', 'Set by', 'Value'], widths: [26, 36], least: 30 },
            columns,
            linesOf(resolved),
          ),
        ];
  return [
    pc.bold(`${whose}${describeAccount(account)}`),
    ...(user === undefined ? [] : formatUser(user)),
    ...problem,
    ...table,
    '',
  ].join('\n');
}

/** What holds: where `deadlineGrace` is not set, it comes of the other settings. */
const inForce = ({ values, sources }: ResolvedSettings) =>
  SETTING_NAMES.map((name) =>
    name === 'deadlineGrace' && values[name] === undefined
      ? { name, value: deadlineGraceOf(values), source: 'deleteAfter - rotateAfter' }
      : { name, value: written(values[name]), source: sources[name] ?? '' },
  ).filter(({ value }) => value !== undefined);

const linesOf = (resolved: ResolvedSettings): readonly (readonly string[])[] =>
  inForce(resolved).map(({ name, value, source }) => [name, source, formatValue(value)]);

function formatUser({ coverage, exemption, owner, ownerFrom, central }: ShownUser): readonly string[] {
  const exempt =
    exemption &&
    `until ${dateOf(exemption.until)}, owner ${clean(exemption.owner)}: ${clean(exemption.reason)}`;
  return [
    `  covered: ${coverage.covered ? 'yes' : pc.yellow('no')}, ${clean(coverage.why)}`,
    `  exempt: ${exempt === undefined ? 'no' : pc.yellow(exempt)}`,
    `  owner: ${owner === undefined ? 'nobody is named' : `${clean(owner)} (${clean(ownerFrom ?? '')})`}`,
    ...(central === undefined
      ? []
      : [
          'To read its secret, the user needs this policy in its own account:',
          JSON.stringify(central.identityPolicy, null, 2),
          'and the policy of the key this statement (not needed with a key of resources/central-key.yml):',
          JSON.stringify(central.keyPolicyStatement, null, 2),
        ]),
  ];
}

export function toJsonShown({ account, userName, resolved, user, failure }: Shown) {
  return {
    accountId: account.id,
    accountName: account.name,
    ...definedOnly({ userName }),
    ...(resolved === undefined ? {} : { settings: toJsonSettings(resolved) }),
    ...(user === undefined ? {} : toJsonUser(user)),
    ...definedOnly({ failure }),
  };
}

const toJsonUser = ({ coverage, exemption, ...others }: ShownUser) => ({
  ...coverage,
  ...(exemption === undefined ? {} : { exemption: written(exemption) }),
  ...others,
});

const toJsonSettings = (resolved: ResolvedSettings) =>
  Object.fromEntries(inForce(resolved).map(({ name, value, source }) => [name, { value, source }]));
