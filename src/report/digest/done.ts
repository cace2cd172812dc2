import type { Outcome } from '../../domain/report/outcome.ts';
import type { Action } from '../../domain/rotation/decision.ts';
import { allows } from '../../domain/rotation/limits.ts';
import { inUse } from '../../domain/rotation/predicates.ts';
import { latest } from '../../domain/time.ts';
import { whichKey } from '../common/order.ts';
import { clean, nameInCommand, sentence } from '../common/sanitize.ts';
import { switchKey } from '../common/shell.ts';
import { dayOf, describeUser } from '../common/wording.ts';
import { command, entryOf, item, RANK, type Block, type Command } from '../message/block.ts';
import { describeNotice, mayHaveLeaked } from './announcement.ts';
import type { DigestContext } from './context.ts';
import { describeSecretLocation } from './secret-location.ts';
import { inFull } from './telling.ts';

/** What was done: replaced, switched on again, switched off and deleted, in this order. */
export function doneBlocks(outcomes: readonly Outcome[], context: DigestContext): readonly Block[] {
  const of = (action: Action) => outcomes.filter(({ decision }) => decision.action === action);
  const deactivations = of('deactivate');
  const replacements = of('replace').map((outcome) => ({
    outcome,
    // Deactivated by the same request that replaced it: one block reports both.
    switchedOff: deactivations.find((other) => whichKey(other) === whichKey(outcome)),
  }));
  const mentioned = new Set(replacements.map(({ switchedOff }) => switchedOff));
  return [
    ...replacements.map(({ outcome, switchedOff }) =>
      switchedOff === undefined
        ? replacedKey(outcome, context)
        : replacedAndDeactivated(outcome, switchedOff, context),
    ),
    ...of('restore').map((outcome) => restoredKey(outcome, context)),
    ...deactivations
      .filter((outcome) => !mentioned.has(outcome))
      .sort(stillInUseFirst)
      .map((outcome) => deactivatedKey(outcome, context)),
    ...of('delete').map(deletedKey),
  ];
}

const stillInUseFirst = (one: Outcome, two: Outcome): number =>
  Number(two.decision.reason === 'deadline') - Number(one.decision.reason === 'deadline');

/** A key that has got its replacement. These lines are also the notice for the old key. */
function replacedKey(outcome: Outcome, context: DigestContext): Block {
  const oldKey = clean(outcome.decision.key.id);
  const block = {
    rank: RANK.replacement,
    entries: [entryOf('done', outcome)],
    lines: item(`${describeUser(outcome.decision)}: ${oldKey} is replaced by ${newKeyOf(outcome)}`, [
      whoAskedFor(outcome),
      ...whereTheNewKeyIs(outcome, context),
      `What to do: put the new key wherever ${oldKey} is used. Nothing to do for programs that read the secret themselves.`,
      smtpPassword(outcome),
      howLongTheOldKeyWorks(outcome, context),
    ]),
  };
  return inFull(block, [outcome], context);
}

function howLongTheOldKeyWorks(outcome: Outcome, context: DigestContext): string {
  const { key, policy, reason, noticeWhenDone } = outcome.decision;
  const { mode, now } = context;
  const oldKey = `The old key ${clean(key.id)}`;
  if (reason === 'emergency') return `${oldKey} STILL WORKS: it was to be deactivated at once, and was not.`;
  if (!allows(mode, 'deactivate')) return `${oldKey} goes on working: mode ${mode} does not deactivate it.`;
  if (noticeWhenDone !== undefined) return `${oldKey} ${describeNotice(outcome, context)}.`;
  const earliest = latest(key.createdAt + policy.deactivateAfter, now + policy.adoptionGrace);
  return `${oldKey} goes on working. It is not deactivated before ${dayOf(earliest)}.`;
}

/** Whoever sends mail with the key has a password that is derived from it. */
function smtpPassword(outcome: Outcome): string {
  const region = outcome.status === 'applied' ? outcome.replacement?.sesRegion : undefined;
  return region === undefined
    ? ''
    : `Sends mail by SMTP? The SMTP password of Amazon SES changes with the key. The new one, for ${clean(region)}, is in the secret, too: SesSmtpPassword; the SMTP user name is the id of the new key.`;
}

/** An emergency replacement: somebody decided to switch the old key off without a grace. */
function replacedAndDeactivated(outcome: Outcome, deactivation: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const oldKey = clean(decision.key.id);
  const block = {
    rank: RANK.replacement,
    entries: [entryOf('done', outcome), entryOf('done', deactivation)],
    lines: item(
      `${describeUser(decision)}: ${oldKey} is replaced by ${newKeyOf(outcome)} and was DEACTIVATED AT ONCE, by request`,
      [
        whoAskedFor(outcome),
        ...whereTheNewKeyIs(outcome, context),
        `What to do: put the new key wherever ${oldKey} was used; what still uses it fails already. Nothing to do for programs that read the secret themselves.`,
        smtpPassword(outcome),
        ...whatFollows('The old key', deactivation, context),
      ],
    ),
  };
  return inFull(block, [outcome, deactivation], context);
}

const newKeyOf = (outcome: Outcome): string =>
  clean((outcome.status === 'applied' ? outcome.replacement?.accessKeyId : undefined) ?? 'a new key');

/** The reason that a person gave; those of rules aren't repeated here. */
const whoAskedFor = ({ decision: { reason, message } }: Outcome): string =>
  reason === 'emergency' || reason === 'by-hand' ? sentence(clean(message)) : '';

function whereTheNewKeyIs(outcome: Outcome, context: DigestContext): readonly (string | Command)[] {
  const replacement = outcome.status === 'applied' ? outcome.replacement : undefined;
  if (replacement === undefined) return ['The run report says where its secret is.'];
  return describeSecretLocation(
    'The new key was tested and works. It',
    replacement,
    outcome.decision.userName,
    context,
  );
}

function restoredKey(outcome: Outcome, { now, mode }: DigestContext): Block {
  const { decision } = outcome;
  const earliest = allows(mode, 'deactivate')
    ? ` It is not deactivated before ${dayOf(now + decision.policy.adoptionGrace)}.`
    : '';
  return {
    rank: RANK.restoration,
    entries: [entryOf('done', outcome)],
    lines: item(
      `${describeUser(decision)}: ${clean(decision.key.id)} was switched on again; its graces start anew`,
      [`${sentence(clean(decision.message))}${earliest}`],
    ),
  };
}

function deactivatedKey(outcome: Outcome, context: DigestContext): Block {
  const { decision } = outcome;
  const { key, policy, reason } = decision;
  const loud =
    reason !== 'deadline'
      ? ''
      : inUse(key, policy, context.now)
        ? ' although it was STILL IN USE'
        : ': its deadline has come';
  const block = {
    rank: RANK.deactivation,
    entries: [entryOf('done', outcome)],
    lines: item(`${describeUser(decision)}: ${clean(decision.key.id)} is deactivated${loud}`, [
      sentence(clean(decision.message)),
      ...whatFollows('It', outcome, context),
    ]),
  };
  return inFull(block, [outcome], context);
}

/** When it is deleted, and how to undo it; a key that may have leaked is not to be switched on again. */
function whatFollows(which: string, outcome: Outcome, context: DigestContext): readonly (string | Command)[] {
  const { decision } = outcome;
  const { userName, key, policy, noticeWhenDone } = decision;
  const { mode, now } = context;
  const kept = !allows(mode, 'delete')
    ? `${which} stays: mode ${mode} deletes nothing.`
    : noticeWhenDone === undefined
      ? `${which} is not deleted before ${dayOf(now + policy.recoveryGrace)}.`
      : `${which} ${describeNotice(outcome, context)}.`;
  return mayHaveLeaked(decision)
    ? [kept]
    : [
        `${kept} If something needs it after all, switch it on again:`,
        command(switchKey(nameInCommand(userName), nameInCommand(key.id), 'Active')),
      ];
}

const deletedKey = (outcome: Outcome): Block => ({
  rank: RANK.deletion,
  group: 'Deleted for good:',
  entries: [entryOf('done', outcome)],
  lines: item(
    `${describeUser(outcome.decision)}: ${clean(outcome.decision.key.id)}. ${sentence(clean(outcome.decision.message))}`,
  ),
});
