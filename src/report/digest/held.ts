import type { Outcome } from '../../domain/report/outcome.ts';
import { CHANGING } from '../../domain/rotation/decision.ts';
import type { HeldBy, Mode } from '../../domain/rotation/limits.ts';
import { groupBy } from '../common/order.ts';
import { clean, nameInCommand, sentence, wrap } from '../common/sanitize.ts';
import { acceptLimit } from '../common/shell.ts';
import { isUnchanged } from '../../domain/report/unchanged.ts';
import { capital, done, describeUser } from '../common/wording.ts';
import { entryOf, RANK, type Block } from '../message/block.ts';
import { announcedFor } from './announcement.ts';
import { whatIsAsked } from './asked.ts';
import type { DigestContext } from './context.ts';
import { inFull, unchanged } from './telling.ts';

/** What was decided but not done, one line a key; those with the same cause stand together. */
export const heldBlocks = (outcomes: readonly Outcome[], context: DigestContext): readonly Block[] =>
  [...groupBy(outcomes, (outcome) => groupOf(outcome, context.mode))].flatMap(([group, own]) =>
    own.map((outcome) => heldKey(outcome, group, context)),
  );

function heldKey(outcome: Outcome, group: string, context: DigestContext): Block {
  const { key, message, action } = outcome.decision;
  const by = outcome.status === 'held' ? outcome.by : undefined;
  const cause = outcome.status === 'held' && by === 'place' ? outcome.why : message;
  const limit = action === 'delete' ? 'deletions' : 'deactivations';
  const line = `${describeUser(outcome.decision)}: ${clean(key.id)}. ${sentence(capital(clean(cause)))}`;
  const block = {
    rank: RANK.held,
    group,
    ...(by === 'limit' && action !== 'replace'
      ? { groupCommand: acceptLimit(limit, nameInCommand(context.accountId)) }
      : {}),
    // What its owner is asked to do about it has the entry.
    entries: whatIsAsked(outcome, context) === undefined ? [entryOf('held-back', outcome)] : [],
    lines: wrap(`${line} ${announcedFor(outcome, line)}`.trim(), '- ', '  '),
  };
  return waitsByItself(outcome) && isUnchanged(outcome, context)
    ? unchanged(block, [outcome], context)
    : inFull(block, [outcome], context);
}

/** Nobody is asked to do anything about these, so they are no reason for a digest every week. */
const WAITS_BY_ITSELF: ReadonlySet<string> = new Set<HeldBy>([
  'mode',
  'request',
  'organization-limit',
  'place',
]);

export const waitsByItself = (outcome: Outcome): boolean =>
  outcome.status === 'held'
    ? WAITS_BY_ITSELF.has(outcome.by)
    : outcome.status === 'none' && !CHANGING.has(outcome.decision.action);

function groupOf(outcome: Outcome, mode: Mode): string {
  const change = done(outcome.decision.action);
  if (outcome.status !== 'held')
    return `To be ${change}, but not done in this run; the next run decides anew:`;
  switch (outcome.by) {
    case 'mode':
      return mode === 'audit' ? `Would be ${change}:` : `Would be ${change}, but ${clean(outcome.why)}:`;
    case 'limit':
      if (outcome.decision.action === 'replace')
        return `To be ${change} by the next runs: ${clean(outcome.why)}.`;
      return `${sentence(capital(clean(outcome.why)))} Look for a wrong setting before the next run. If that many are right, let one run do it:`;
    case 'failure':
      return `To be ${change}, but ${clean(outcome.why)}:`;
    case 'organization-limit':
      return `To be ${change} by one of the next runs: ${clean(outcome.why)}:`;
    case 'request':
    case 'readers':
      return `To be ${change}, but ${clean(outcome.why)}:`;
    case 'place':
      return 'To be replaced, but there is no place for a second key:';
  }
}
