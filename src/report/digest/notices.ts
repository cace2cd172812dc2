import type { Outcome } from '../../domain/report/outcome.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import { givesNotices } from '../../domain/rotation/limits.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import { clean, nameInCommand, sentence } from '../common/sanitize.ts';
import { deleteKey, switchKey } from '../common/shell.ts';
import { dayOf, describeUser } from '../common/wording.ts';
import { command, entryOf, item, RANK, type Block, type Command } from '../message/block.ts';
import { otherActiveKey, type DigestContext } from './context.ts';
import { describeReplacementLocation } from './secret-location.ts';

/**
 * Announces that a key will be deactivated, and says how to keep it or be rid of it. In a mode that
 * deactivates nothing it says what the notice would have been.
 */
export function notice(outcome: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const { key, dueAt } = decision;
  const counts = givesNotices(context.mode);
  const date = dueAt === undefined ? '' : ` from ${dayOf(dueAt)} on`;
  return {
    rank: RANK.notice,
    announces: key.id,
    entries: [entryOf('will-happen', outcome)],
    lines: item(
      `${describeUser(decision)}: ${clean(key.id)} ${counts ? 'will be' : 'would be'} deactivated${date}`,
      [
        counts ? '' : `Mode ${context.mode} does not do it, and this is not its notice. In mode enforce:`,
        sentence(clean(decision.message)),
        ...advice(decision, context),
      ],
    ),
  };
}

function advice(decision: Decision, context: DigestContext): readonly (string | Command)[] {
  const { userName, key, reason } = decision;
  const user = nameInCommand(userName);
  const id = nameInCommand(key.id);
  const other = otherActiveKey(decision, context);
  if (reason === 'unused-notice') {
    return [
      'Still needed? Use it: a key in use is kept, and replaced when it is old.',
      'Not needed? Delete it now:',
      command(deleteKey(user, id)),
    ];
  }
  return [
    ...describeReplacementLocation(userName, other, context),
    `What to do: move what still uses it (${describeLastUse(key, context.now)}) to ${other === undefined ? 'the other key' : clean(other.id)}.`,
    'Nothing uses it any more? Switch it off now:',
    command(switchKey(user, id, 'Inactive')),
  ];
}
