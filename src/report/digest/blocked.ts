import { replaceByHand } from '../../domain/commands.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import { isInactive } from '../../domain/rotation/key.ts';
import { ascending } from '../common/order.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import { clean, nameInCommand, sentence } from '../common/sanitize.ts';
import { describeCreation, describeUser } from '../common/wording.ts';
import {
  deleteKey,
  lastUseOf,
  listSecretVersions,
  readVersion,
  restoreSecret,
  switchKey,
} from '../common/shell.ts';
import { command, type Command, type TaskItem } from '../message/block.ts';
import { mayHaveLeaked } from './announcement.ts';
import { keysOf, type DigestContext } from './context.ts';
import { secretOf } from './secret-location.ts';

/* What keeps a key from being rotated, and how to get out of it. */

type Steps = readonly (string | Command)[];

export function blockedHeadline({ reason, key, userName }: Decision): string {
  const id = clean(key.id);
  switch (reason) {
    case 'two-keys-in-use':
      return 'both keys are in use, and a user can have no third: choose the one that may go';
    case 'slot-held':
      return `${id} is to be replaced, and the other key takes the place of the new one: choose the one that may go`;
    case 'test-denied':
      return `${id} is due, but no new key of ${clean(userName)} could be tested`;
    case 'delivery-void':
      return `the new key for ${id} is not where it was delivered to: put it back, or get another one`;
    case 'used-after-notice':
      return `${id} was switched off as unused, but was used after that was announced`;
    case 'switched-on-again':
      return `${id} is switched on again and again`;
    case 'signs-this-run':
      return `this run is signed with ${id}, so it is left alone`;
    default:
      return `${id} is blocked`;
  }
}

/** What an owner is asked to decide: with both keys, and the commands for each way. */
export const chooseItem = (decision: Decision, context: DigestContext): TaskItem => ({
  what: `${describeUser(decision)}: ${blockedHeadline(decision)}`,
  otherwise: ifNothingIsDone(decision),
  paragraphs: [...keyList(keysOf(decision, context), context), ...blockedSteps(decision, context)],
});

function ifNothingIsDone({ reason, key, message }: Decision): string {
  const id = clean(key.id);
  switch (reason) {
    case 'used-after-notice':
      return `If nothing is done: ${id} stays off, and what needs it does not work; there is no last date.`;
    case 'delivery-void':
      return isInactive(key)
        ? `If nothing is done: ${id} stays off, and nobody can read the new key; there is no last date.`
        : `If nothing is done: ${id} goes on working and gets older, and nobody can read the new key; there is no last date.`;
    case 'switched-on-again':
      return `If nothing is done: ${id} goes on working and is not replaced; there is no last date.`;
    default:
      return `If nothing is done: both keys go on working and get older, and none is replaced; there is no last date.${/is retired in time/.test(message) ? ' If nobody uses the other key, it goes in time.' : ''}`;
  }
}

export const keyList = (keys: readonly AccessKey[], { now }: DigestContext): readonly string[] =>
  keys.map((key) => {
    const use = key.lastUse.kind === 'unknown' ? '' : `, ${describeLastUse(key, now)}`;
    return `${clean(key.id)}: ${describeCreation(key, now)}${use}.`;
  });

export function blockedSteps(decision: Decision, context: DigestContext): Steps {
  const { reason, message, userName, key } = decision;
  const name = nameInCommand(userName);
  const id = nameInCommand(key.id);
  const said = sentence(clean(message));
  switch (reason) {
    case 'two-keys-in-use':
    case 'slot-held':
      return choosing(decision, keysOf(decision, context));
    case 'delivery-void':
      return [said, ...repairing(decision, context)];
    case 'used-after-notice':
      return [
        said,
        ...(mayHaveLeaked(decision)
          ? []
          : ['Still needed? Switch it on again:', command(switchKey(name, id, 'Active'))]),
        'Not needed? Delete it:',
        command(deleteKey(name, id)),
      ];
    case 'switched-on-again':
      return [said, 'Then switch it off for good:', command(switchKey(name, id, 'Inactive'))];
    default:
      return [said];
  }
}

/** How to get out of two keys; the key whose last use is oldest is the likelier one to give up. */
function choosing({ userName }: Decision, keys: readonly AccessKey[]): Steps {
  const name = nameInCommand(userName);
  return [
    'What to do: see what uses each key, and move all of it to one of them:',
    ...keys.map(({ id }) => command(lastUseOf(nameInCommand(id)))),
    'Then switch off the key that is left over; one of these, not both:',
    ...[...keys]
      .sort(leastUsedFirst)
      .map(({ id }) => command(switchKey(name, nameInCommand(id), 'Inactive'))),
    'Then there is room to replace the key that stays.',
  ];
}

const usedAt = ({ lastUse }: AccessKey): number => (lastUse.kind === 'used' ? lastUse.at : -Infinity);
const leastUsedFirst = (one: AccessKey, two: AccessKey): number => ascending(usedAt(one), usedAt(two));

/** How to make the secret hold the replacement again, or get another replacement. */
function repairing(decision: Decision, context: DigestContext): Steps {
  const { userName, key } = decision;
  const replacement = keysOf(decision, context).find(({ memory }) => memory.replacementOf === key.id);
  if (replacement === undefined) return [];
  const { region, secretId } = secretOf(userName, replacement, context);
  const newId = clean(replacement.id);
  const orElse: Steps = [
    `Is ${newId} lost? Delete it:`,
    command(deleteKey(nameInCommand(userName), nameInCommand(replacement.id))),
    `${clean(key.id)} then gets another replacement by itself, or at once if an administrator asks for it:`,
    command(replaceByHand(decision, key.id)),
  ];
  const orBack: Steps =
    isInactive(key) && !mayHaveLeaked(decision)
      ? [
          `Or switch ${clean(key.id)} on again:`,
          command(switchKey(nameInCommand(userName), nameInCommand(key.id), 'Active')),
        ]
      : [];
  switch (replacement.delivery) {
    case 'deleting':
      return [
        'What to do: restore the secret:',
        command(restoreSecret(region, secretId)),
        ...orBack,
        ...orElse,
      ];
    case 'superseded':
      return [
        `What to do: put the value with ${newId} back, if that is right: find its version, and make it the current one:`,
        command(listSecretVersions(region, secretId)),
        command(readVersion(region, secretId)),
        ...orBack,
        ...orElse,
      ];
    default:
      return ['What to do:', ...orBack, ...orElse];
  }
}
