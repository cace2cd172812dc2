import * as z from 'zod';
import { formatLimit, type Limit } from '../domain/rotation/limits.ts';
import type { Exemption } from '../domain/rotation/policy.ts';
import { describeSelector } from '../domain/settings/user-selector.ts';
import type { ExemptionRule, UserSelector } from '../domain/settings/setting.ts';
import { dateOf, type Instant } from '../domain/time.ts';
import { PRINCIPAL, PRINCIPAL_ARN, PRINCIPALS, shareOfKeys, wholeNumberFrom } from './fields.ts';

/* The kinds of values that settings have, as people write them: read and written. */

/** Ten years. More is likely a number of hours or seconds by mistake. */
const MOST_DAYS = 3650;

/** Says what to leave out of `'60'` (the quotes) and of `60d` (the unit). */
const withoutUnit =
  (right: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    `must be ${right}${typeof input !== 'string' || !/^\s*[\d.]/.test(input) ? '' : /^\s*[\d.]+\s*$/.test(input) ? ', without quotes' : ', without a unit'}`;

const daysOf = (right: string) => z.number({ error: withoutUnit(right) }).max(MOST_DAYS, `must be ${right}`);

export const DAYS_ABOVE_0 = `a number of days above 0, at most ${MOST_DAYS}`;
export const daysAbove0 = daysOf(DAYS_ABOVE_0).positive(`must be ${DAYS_ABOVE_0}`);
export const DAYS_FROM_0 = `a number of days from 0 to ${MOST_DAYS}`;
export const daysFrom0 = daysOf(DAYS_FROM_0).min(0, `must be ${DAYS_FROM_0}`);
export const DAYS_OR_OFF = `${DAYS_ABOVE_0}, or off`;
export const daysOrOff = z.union([daysOf(DAYS_OR_OFF).positive(`must be ${DAYS_OR_OFF}`), z.literal('off')], {
  error: withoutUnit(DAYS_OR_OFF),
});

export const KEY_LIMIT = 'a number of keys, or a share of them like "25%"';
export const keyLimit = z
  .union(
    [
      z.int(`must be ${KEY_LIMIT}`).min(0, `must be ${KEY_LIMIT}`),
      z.string().regex(/^(100|\d{1,2})%$/, `must be ${KEY_LIMIT}`),
    ],
    `must be ${KEY_LIMIT}`,
  )
  .transform((text): Limit => (typeof text === 'number' ? { count: text } : shareOfKeys(text)));

/** A count without an upper bound. */
export const wholeNumber = (least: number) =>
  z.int(`must be ${wholeNumberFrom(least)}`).min(least, `must be ${wholeNumberFrom(least)}`);

/** One line of text. */
export const line = (most: number) =>
  z
    .string(`must be a text of 1 to ${most} characters on one line`)
    .trim()
    .regex(
      new RegExp(`^[^\\p{Cc}]{1,${most}}$`, 'u'),
      `must be a text of 1 to ${most} characters on one line`,
    );

/** A string of a certain form. */
export const formed = (form: RegExp, right: string) =>
  z.string(`must be ${right}`).regex(form, `must be ${right}`);

export const principals = z.array(formed(PRINCIPAL_ARN, PRINCIPAL), `must be ${PRINCIPALS}`);

export const TAG_NAME = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u;

const SELECTOR =
  /^((name:)?[\w+=,.@*?-]{1,128}|path:\/([\x21-\x7e]+\/)?|group:[\w+=,.@-]{1,128}|tag:[\p{L}\p{Z}\p{N}_.:/+@-]{1,128}(=[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256})?)$/u;
export const SELECTORS = 'a list of name:svc-*, path:/service/, group:ci, tag:rotate=yes and the like';
const selector = formed(SELECTOR, 'like name:svc-*, path:/service/, group:ci or tag:rotate=yes').transform(
  readSelector,
);
export const selectors = z.array(selector, `must be ${SELECTORS}`);

/** A name alone is a name; no name holds a colon. */
function readSelector(written: string): UserSelector {
  const [, by = 'name', rest = ''] = /^(?:(name|path|group|tag):)?(.*)$/su.exec(written) ?? [];
  switch (by) {
    case 'path':
      return { by, path: rest };
    case 'group':
      return { by, group: rest };
    case 'tag': {
      const end = rest.indexOf('=');
      return end < 0 ? { by, tag: rest } : { by, tag: rest.slice(0, end), value: rest.slice(end + 1) };
    }
    default:
      return { by: 'name', pattern: rest };
  }
}

const DATE = 'a date like 2027-01-31 (which begins at midnight UTC), or one with a time and its zone';
const until = z
  .union(
    [z.iso.date(`must be ${DATE}`), z.iso.datetime({ offset: true, error: `must be ${DATE}` })],
    `must be ${DATE}`,
  )
  .transform((written): Instant => Date.parse(written));

const exemptionFields = {
  owner: line(256).describe('Who answers for it.'),
  reason: line(500).describe('Why, for people who ask.'),
  until: until.describe('From when on it counts no more: at most a year from now.'),
};
export const EXEMPTION = 'an exemption: owner, reason and until';
export const exemption = z.strictObject(exemptionFields, `must be ${EXEMPTION}`);
export const EXEMPTIONS = 'a list of exemptions: users, owner, reason and until';
export const exemptions = z.array(
  z.strictObject(
    {
      users: selectors.min(1, 'must name users').describe('Which users are left alone.'),
      ...exemptionFields,
    },
    'must be an exemption: users, owner, reason and until',
  ),
  `must be ${EXEMPTIONS}`,
);

/** A value as people write it; reading it again gives the same value. */
export function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  if ('by' in value) return describeSelector(value as UserSelector);
  if ('count' in value) return value.count;
  if ('atLeast' in value) return formatLimit(value as Limit);
  const { users, owner, reason, until: end } = value as Exemption & Partial<ExemptionRule>;
  return {
    ...(users === undefined ? {} : { users: written(users) }),
    owner,
    reason,
    until: writtenDate(end),
  };
}

const writtenDate = (at: Instant): string =>
  at === Date.parse(dateOf(at)) ? dateOf(at) : new Date(at).toISOString();
