import type { Outcome } from '../../domain/report/outcome.ts';
import type { OwnerMessage } from '../../domain/report/notification.ts';
import type { RotatedAccount } from '../../domain/report/run-report.ts';
import { groupBy } from '../common/order.ts';
import { describeOwner } from '../common/wording.ts';
import { askedBlocks } from './asked-blocks.ts';
import { digestContextOf, type DigestOptions } from './context.ts';
import { sectionsOf, wordsOf } from './digest.ts';
import { digestMessage } from './message.ts';
import { plaintextWarning } from './plaintext-warning.ts';

/**
 * A message for each owner of whose keys the account's digest has news for owners: the same texts, without other
 * people's keys and without what is for administrators. None in `audit`, where nobody is asked for anything yet.
 */
export function ownerMessagesOf(report: RotatedAccount, options: DigestOptions): readonly OwnerMessage[] {
  if (report.settings.values.mode === 'audit') return [];
  const byOwner = groupBy(report.outcomes, ({ decision }) => describeOwner(decision.owner ?? ''));
  return [...byOwner].flatMap(([owner, outcomes]) =>
    owner === '' ? [] : (messageFor(owner, outcomes, report, options) ?? []),
  );
}

function messageFor(
  owner: string,
  outcomes: readonly Outcome[],
  report: RotatedAccount,
  options: DigestOptions,
): OwnerMessage | undefined {
  const { account, settings } = report;
  const context = digestContextOf(report, options);
  const asked = askedBlocks(outcomes, context);
  const { forOwners } = sectionsOf({ ...report, outcomes, findings: [], gaps: [] }, asked, context);
  const blocks = forOwners.flatMap((section) => section.blocks);
  if (blocks.every(({ unchanged }) => unchanged === true)) return undefined;
  const {
    announces: _none,
    told: _nothing,
    ...notification
  } = digestMessage({
    account,
    owner,
    mode: settings.values.mode,
    options,
    forOwners,
    forAdministrators: [],
    warning: plaintextWarning(settings),
    ...wordsOf({ outcomes, asked, blocks, toLookAt: 0 }, context),
  });
  return { ...notification, owner, keyIds: new Set(outcomes.map(keyIdOf)) };
}

const keyIdOf = ({ decision }: Outcome): string => decision.key.id;
