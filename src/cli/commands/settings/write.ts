import { snapshotOf } from '../../../compose/settings.ts';
import { snapshotAfter, type Changing, type RowChange } from '../../../config/settings-change.ts';
import { readItems, type StoredRow } from '../../../config/settings-rows.ts';
import { needsUnits } from '../../../domain/settings/account-settings.ts';
import { validateSettings, plaintextTopics, type KnownTargets } from '../../../domain/settings/validate.ts';
import { InputError } from '../../../domain/errors.ts';
import type { SettingsSnapshot } from '../../../domain/settings/setting.ts';
import { writeSettings, type SettingChange } from '../../../run/settings/write-setting.ts';
import { refuseUnknownNames } from '../../../run/settings/known-user.ts';
import { clean } from '../../../report/common/sanitize.ts';
import { confirm } from '../../input/confirm.ts';
import { toJsonChange, formatChange, describeChange, whoseRow } from '../../output/settings.ts';
import { printJson, type SettingsCommandContext } from './target.ts';
import { matchesOf, type Matches } from './matches.ts';
import { outOfReach } from './out-of-reach.ts';
import { unreadTopics, formatWarning, type Warning } from './warnings.ts';
import type { ExitCode, Terminal } from '../../input/terminal.ts';

export interface WriteOptions {
  readonly yes?: true;
  readonly json?: true;
  /** The change replaces all settings: none of them may be invalid afterwards. */
  readonly whole?: boolean;
  /** Whose settings are changed must be somebody of that name. */
  readonly mustBeKnown?: boolean;
  /** A person typed whom it is about: say how many users that means. */
  readonly counting?: boolean;
}

/**
 * Changes settings: finds out what changes, checks the settings as they would be, shows, asks, writes.
 * @throws InputError when anything would be wrong then that isn't now; nothing is changed
 */
export async function changeSettings(
  context: SettingsCommandContext,
  decide: (stored: readonly StoredRow[]) => Changing,
  { yes, json, whole = false, mustBeKnown = false, counting = false }: WriteOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { access, settings } = context;
  const read = await access.read();
  const stored = readItems(read.items, access.now);
  const changing = decide(stored);
  if (changing.kind === 'failed') throw new InputError(changing.problems);
  const { value: changes } = changing;
  const show = (text: string, changed: boolean, warnings: readonly Warning[] = [], matches?: Matches) => {
    const counted = matches === undefined || matches.lines.length === 0 ? {} : { matches: matches.lines };
    if (json) printJson(terminal, { changed, changes: changes.map(toJsonChange), warnings, ...counted });
    else terminal.stdout.write(`${text}\n`);
  };
  if (changes.length === 0 && !(whole && read.unfinished !== undefined)) {
    show('Nothing to change.', false);
    return 0;
  }
  const before = snapshotOf(settings, read, access.now);
  const after = snapshotAfter(before.base, stored, changes);
  const remaining = await check({ before, after }, whole, context);
  if (mustBeKnown) await refuseUnknownUsers(changes, { ...access, settings: { read: async () => before } });
  const [first] = changes;
  const matches = counting && first !== undefined ? await matchesOf(first, after, context) : undefined;
  const warnings = [
    ...remaining.map((problem): Warning => ({ message: `Wrong before, and after it still: ${problem}` })),
    ...(await unreadTopics(changes, access)),
    ...outOfReach(changes, access.region),
    ...(matches?.warnings ?? []),
  ];
  const what =
    changes.length === 0
      ? 'Finishes the import that was begun.\n'
      : [
          ...changes.map(formatChange),
          ...(matches?.lines ?? []).map((line) => `  ${clean(line, line.length)}\n`),
        ].join('');
  if (!(await confirm(terminal, `${warnings.map(formatWarning).join('')}${what}`, yes === true))) return 1;
  await writeSettings(changes.map(toSettingChange), {
    at: access.now,
    runId: access.runId,
    sessions: access.sessions,
    writer: access.writer(read, whole),
  });
  show('Changed.', true, warnings, matches);
  return 0;
}

/** @throws InputError for a user that its account doesn't have */
async function refuseUnknownUsers(
  changes: readonly RowChange[],
  access: Parameters<typeof refuseUnknownNames>[1],
): Promise<void> {
  for (const { target } of changes) {
    if (target?.level === 'user') await refuseUnknownNames(target, access);
  }
}

/**
 * @returns problems that were there before, which this change doesn't have to correct
 * @throws InputError for everything else
 */
async function check(
  { before, after }: { readonly before: SettingsSnapshot; readonly after: SettingsSnapshot },
  whole: boolean,
  { access }: SettingsCommandContext,
): Promise<readonly string[]> {
  const organization = await access.directory.list({ withOus: needsUnits(before) || needsUnits(after) });
  const known = new Set(whole ? [] : validateSettings(before, organization));
  const problems = validateSettings(after, organization);
  const fresh = problems.filter((problem) => !known.has(problem));
  fresh.push(...(await plaintextByEmail(before, after, organization, access)));
  if (fresh.length > 0) throw new InputError(fresh);
  return problems;
}

/** Topics with e-mail readers that the change would publish secrets to. */
async function plaintextByEmail(
  before: SettingsSnapshot,
  after: SettingsSnapshot,
  organization: KnownTargets,
  { plaintextTo }: SettingsCommandContext['access'],
): Promise<readonly string[]> {
  const known = new Set(plaintextTopics(before, organization).map((one) => JSON.stringify(one)));
  const problems: string[] = [];
  for (const one of plaintextTopics(after, organization)) {
    if (known.has(JSON.stringify(one)) || !(await plaintextTo(one.topicArn).hasEmailReaders())) continue;
    problems.push(
      `${one.whose}: secretDelivery: sns-plaintext would publish secrets to ${one.topicArn}, which has e-mail subscriptions; use another topic, or set snsPlaintextToEmail to confirmed`,
    );
  }
  return problems;
}

const toSettingChange = (change: RowChange): SettingChange => ({
  ...change,
  reason: change.settings.map(({ name }) => name).join(', ') || change.kind,
  message: `Settings of ${whoseRow(change)} ${change.kind}: ${change.settings.map(describeChange).join('; ') || 'nothing in them'}`,
});
