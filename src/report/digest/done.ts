import type { Outcome } from '../../domain/report/outcome.ts';
import type { Action, Reason } from '../../domain/rotation/decision.ts';
import { allows } from '../../domain/rotation/limits.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import { clean, nameInCommand, sentence, wrap } from '../common/sanitize.ts';
import { switchKey } from '../common/shell.ts';
import { dayOf, describeUser } from '../common/wording.ts';
import { command, entryOf, item, RANK, type Block, type Command } from '../message/block.ts';
import { describeNotice, mayHaveLeaked } from './announcement.ts';
import type { DigestContext } from './context.ts';
import { inFull } from './telling.ts';

/** What was done and asks its owner for nothing: switched on again, switched off and deleted, in this order. */
export function doneBlocks(outcomes: readonly Outcome[], context: DigestContext): readonly Block[] {
  const of = (action: Action) => outcomes.filter(({ decision }) => decision.action === action);
  return [
    ...of('restore').map((outcome) => restoredKey(outcome, context)),
    ...of('deactivate').map((outcome) => deactivatedKey(outcome, context)),
    ...of('delete').map((outcome) => deletedKey(outcome, context)),
  ];
}

function restoredKey(outcome: Outcome, { now, mode }: DigestContext): Block {
  const { decision } = outcome;
  const earliest = allows(mode, 'deactivate')
    ? ` It is not deactivated before ${dayOf(now + decision.policy.adoptionGrace)}.`
    : '';
  return {
    rank: RANK.restoration,
    entries: [entryOf('done', outcome)],
    lines: item(`${describeUser(decision)}: ${clean(decision.key.id)} was switched on again`, [
      `${sentence(clean(decision.message))}${earliest}`,
    ]),
  };
}

function deactivatedKey(outcome: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const block = {
    rank: RANK.deactivation,
    entries: [entryOf('done', outcome)],
    lines: item(`${describeUser(decision)}: ${clean(decision.key.id)} is deactivated`, [
      sentence(clean(decision.message)),
      ...whatFollows(outcome, context),
    ]),
  };
  return inFull(block, [outcome], context);
}

/** When it is deleted, and how to undo it; a key that may have leaked is not to be switched on again. */
function whatFollows(outcome: Outcome, context: DigestContext): readonly (string | Command)[] {
  const { decision } = outcome;
  const { userName, key, policy, noticeWhenDone } = decision;
  const { mode, now } = context;
  const kept = !allows(mode, 'delete')
    ? 'It stays: no key of this account is deleted for now.'
    : noticeWhenDone === undefined
      ? `It is not deleted before ${dayOf(now + policy.recoveryGrace)}.`
      : `It ${describeNotice(outcome, context)}.`;
  return mayHaveLeaked(decision)
    ? [kept]
    : [
        `${kept} Should something need it after all, this switches it on:`,
        command(switchKey(nameInCommand(userName), nameInCommand(key.id), 'Active')),
      ];
}

/** In words of everybody; what a person has asked for is told as it is. */
const WHY_DELETED: Partial<Record<Reason, string>> = {
  'recovery-grace-over': 'It had been off, and its deletion was announced',
};

function deletedKey(outcome: Outcome, { now }: DigestContext): Block {
  const { decision } = outcome;
  const why = WHY_DELETED[decision.reason];
  const said = why === undefined ? clean(decision.message) : `${why} (${describeLastUse(decision.key, now)})`;
  return {
    rank: RANK.deletion,
    group: 'Deleted for good:',
    entries: [entryOf('done', outcome)],
    lines: wrap(`${describeUser(decision)}: ${clean(decision.key.id)}. ${sentence(said)}`, '- ', '  '),
  };
}
