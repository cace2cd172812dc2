import { allows } from '../domain/limits.ts';
import type { Outcome } from '../domain/outcome.ts';
import { latest } from '../domain/time.ts';
import type { Scene } from './context.ts';
import { RANK, command, entryOf, item, nameInCommand, type Block } from './entries.ts';
import { clean, sentence } from './plain-text.ts';
import { switchKey } from './shell.ts';
import { whereItIs } from './where.ts';
import { dayOf } from './wording.ts';

/** A key that has got its replacement. These lines are also the notice for the old key. */
export function replacedKey(outcome: Outcome, scene: Scene): Block {
  const { key, userName } = outcome.decision;
  const { now, mode } = scene;
  const replacement = outcome.status === 'applied' ? outcome.replacement : undefined;
  const oldKey = clean(key.id);
  const earliest = latest(key.createdAt + scene.deactivateAfter, now + scene.adoptionGrace);
  const until = allows(mode, 'deactivate')
    ? `The old key ${oldKey} goes on working. It is not deactivated before ${dayOf(earliest)}.`
    : `The old key ${oldKey} goes on working: mode ${mode} does not deactivate it.`;
  const where =
    replacement === undefined
      ? ['The run report says where its secret is.']
      : whereItIs('The new key was tested and works. It', replacement.secretName, scene);
  return {
    rank: RANK.replacement,
    announces: key.id,
    entries: [entryOf('done', outcome)],
    lines: item(
      `${clean(userName)}: ${oldKey} is replaced by ${clean(replacement?.accessKeyId ?? 'a new key')}`,
      [
        ...where,
        `What to do: put the new key wherever ${oldKey} is used. Nothing to do for programs that read the secret themselves.`,
        until,
      ],
    ),
  };
}

export function deactivatedKey(outcome: Outcome, { now, mode, recoveryGrace }: Scene): Block {
  const { key, userName, message, reason } = outcome.decision;
  const loud = reason === 'replaced-deadline' ? ' although it was STILL IN USE' : '';
  const kept = allows(mode, 'delete')
    ? `It is not deleted before ${dayOf(now + recoveryGrace)}.`
    : `It stays: mode ${mode} deletes nothing.`;
  return {
    rank: RANK.deactivation,
    entries: [entryOf('done', outcome)],
    lines: item(`${clean(userName)}: ${clean(key.id)} is deactivated${loud}`, [
      sentence(clean(message)),
      `${kept} If something needs it after all, switch it on again:`,
      command(switchKey(nameInCommand(userName), nameInCommand(key.id), 'Active')),
    ]),
  };
}

export const deletedKey = (outcome: Outcome): Block => ({
  rank: RANK.deletion,
  group: 'Deleted for good:',
  entries: [entryOf('done', outcome)],
  lines: item(
    `${clean(outcome.decision.userName)}: ${clean(outcome.decision.key.id)}. ${sentence(clean(outcome.decision.message))}`,
  ),
});
