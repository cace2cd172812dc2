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
import { paragraph, stepLines } from './paragraphs.ts';
import { layoutFor, type Layout } from './layout.ts';
import { tableOf } from './table.ts';

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

const WIDE: Layout = { head: ['Setting', 'Set by', 'Value'], widths: [26, 36], least: 30 };
/** For a terminal of 80 columns. */
const NARROW: Layout = { ...WIDE, widths: [26, 26], least: 22 };

/** @param columns of the terminal; absent: for a pipe, without a box, and nothing is broken into lines */
export function formatShown({ account, userName, resolved, user, failure }: Shown, columns?: number): string {
  const width = columns ?? Infinity;
  const whose = userName === undefined ? '' : `${clean(userName)} of `;
  const problem =
    failure === undefined
      ? []
      : [
          ...paragraph(`${pc.red(`${failure.during}:`)} ${whole(failure.message)}`, width),
          ...stepLines(failure.nextStep, 'Next step: ', width, '  '),
        ];
  const table =
    resolved === undefined ? [] : [tableOf(layoutFor(columns, WIDE, NARROW), columns, linesOf(resolved))];
  return [
    ...paragraph(pc.bold(`${whose}${describeAccount(account)}`), width),
    ...(user === undefined ? [] : formatUser(user, width)),
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

function formatUser(
  { coverage, exemption, owner, ownerFrom, central }: ShownUser,
  width: number,
): readonly string[] {
  const exempt =
    exemption &&
    `until ${dateOf(exemption.until)}, owner ${clean(exemption.owner)}: ${clean(exemption.reason)}`;
  const facts = [
    `covered: ${coverage.covered ? 'yes' : pc.yellow('no')}, ${clean(coverage.why)}`,
    `exempt: ${exempt === undefined ? 'no' : pc.yellow(exempt)}`,
    `owner: ${owner === undefined ? 'nobody is named' : `${clean(owner)} (${clean(ownerFrom ?? '')})`}`,
  ];
  return [
    ...facts.flatMap((fact) => paragraph(fact, width, '  ')),
    ...(central === undefined
      ? []
      : [
          ...paragraph('To read its secret, the user needs this policy in its own account:', width),
          JSON.stringify(central.identityPolicy, null, 2),
          ...paragraph(
            'and the policy of the key this statement (not needed with a key of resources/central-key.yml):',
            width,
          ),
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
