import type { Decision } from '../../src/domain/rotation/decision.ts';
import { noticeOfReplacing } from '../../src/domain/rotation/replaced-key.ts';
import type { Mode } from '../../src/domain/rotation/limits.ts';
import type { Digest } from '../../src/domain/report/notification.ts';
import type { Outcome } from '../../src/domain/report/outcome.ts';
import type { RotatedAccount } from '../../src/domain/report/run-report.ts';
import { days } from '../../src/domain/time.ts';
import type { DigestOptions } from '../../src/report/digest/context.ts';
import { digestOf } from '../../src/report/digest/digest.ts';
import type { Entry } from '../../src/report/message/block.ts';
import { accountSettings, T0, decision, key, rotatedAccount, type KeyFacts } from '../support/builders.ts';

export const context = (overrides: Partial<DigestOptions> = {}): DigestOptions => ({
  runId: 'run-1',
  mode: 'enforce',
  now: T0,
  region: 'eu-central-1',
  evenIfNothing: false,
  ...overrides,
});

export type Facts = Partial<Omit<RotatedAccount, 'status'>>;

/** What the digest says of an account; throws when it says nothing. */
export function digest(facts: Facts, mode: Mode = 'enforce'): Digest {
  const settings = accountSettings({ mode }, facts.account);
  const found = digestOf(rotatedAccount({ settings, ...facts }), context());
  if (found === undefined) throw new Error('the account had nothing to say');
  return found;
}

/** The text without its line breaks, for sentences that are wrapped somewhere. */
export const unwrapped = ({ text }: { readonly text: string }): string => text.replace(/\s+/g, ' ');

export interface DigestJson {
  readonly schemaVersion: number;
  readonly kind: string;
  readonly mode: Mode;
  readonly account: { readonly id: string; readonly name: string };
  readonly severity: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly entries: readonly Entry[];
  readonly cut: number;
  readonly seeAll?: string;
}

export const jsonOf = ({ json }: { readonly json: string }): DigestJson => JSON.parse(json) as DigestJson;

/** Replaced, with the notice that the rule gives with it. */
export const replaced = (of: Decision, accessKeyId = 'AKIANEW', secretName = 'access-keys/ann'): Outcome => ({
  status: 'applied',
  decision: of.reason === 'due' ? { noticeWhenDone: noticeOfReplacing(of.key, of.policy, T0), ...of } : of,
  replacement: { accessKeyId, secretName },
});

/** A notice that a key is unused, for a user of that name. */
export const unusedNotice = (userName = 'ann', facts: KeyFacts = {}): Decision =>
  decision('wait', {
    userName,
    key: key({ age: days(200), lastUsed: days(100), ...facts }),
    reason: 'unused-notice',
    message:
      'Unused (last used 100 days ago); it is deactivated from 2026-03-11 on unless it is used before.',
    dueAt: T0 + days(10),
    notice: { about: 'unused', date: T0 + days(10) },
  });

/** The lines under a heading. */
export function sectionOf({ text }: { readonly text: string }, title: string): string {
  const parts = text.split(/^([A-Z][A-Z ]+) \([\d,]+\)\n=+\n/m);
  const index = parts.indexOf(title);
  return index < 0 ? '' : (parts[index + 1] ?? '');
}

/** The section with these outcomes, in one line. */
export const said = (title: string, outcomes: readonly Outcome[], mode?: Mode): string =>
  sectionOf(digest({ outcomes }, mode), title).replace(/\s+/g, ' ');

/** The headings in their order. */
export const headings = ({ text }: { readonly text: string }): readonly string[] =>
  [...text.matchAll(/^([A-Z][A-Z ]+ \([\d,]+\))\n=+$/gm)].map(([, heading]) => heading ?? '');
