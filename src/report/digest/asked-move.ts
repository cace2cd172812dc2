import type { Outcome } from '../../domain/report/outcome.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import { allows, givesNotices } from '../../domain/rotation/limits.ts';
import { touched } from '../../domain/rotation/predicates.ts';
import { describeLastUse } from '../../domain/rotation/rule.ts';
import type { Instant } from '../../domain/time.ts';
import { clean, nameInCommand, sentence } from '../common/sanitize.ts';
import { lastUseOf, switchKey } from '../common/shell.ts';
import { dayOf, describeCreation, describeUser } from '../common/wording.ts';
import { command, type Command, type TaskItem } from '../message/block.ts';
import { describeNotice } from './announcement.ts';
import { keysOf, otherActiveKey, type DigestContext } from './context.ts';
import { HOW_TO } from './put-to-use.ts';
import { describeRecentUse } from './recent-use.ts';
import { describeReplacementLocation, describeSecretLocation } from './secret-location.ts';

/* A key was replaced, and its owner is to put the new one to use. */

type Paragraphs = readonly (string | Command)[];

/** `By 2026-03-31, `: what a thing to do begins with; empty where there is no last date. */
export const byWhen = (lastDate: Instant | undefined, { now }: DigestContext): string =>
  lastDate === undefined ? '' : lastDate <= now ? 'NOW, ' : `By ${dayOf(lastDate)}, `;

/**
 * What to do, and everything an owner needs for it.
 * @param switchedOff the old key's deactivation, where that was asked for with its replacement
 */
export function moveItem(
  outcome: Outcome,
  switchedOff: Outcome | undefined,
  lastDate: Instant | undefined,
  context: DigestContext,
): TaskItem {
  const { decision } = outcome;
  const oldKey = clean(decision.key.id);
  const { newKey, location } = newKeyOf(outcome, context);
  const task = `put the new key ${newKey} wherever ${oldKey} ${switchedOff === undefined ? 'is' : 'was'} used`;
  return {
    what: `${byWhen(lastDate, context)}${describeUser(decision)}: ${task}`,
    otherwise:
      switchedOff === undefined
        ? consequence(outcome, lastDate, context)
        : afterAnEmergency(oldKey, switchedOff, context),
    paragraphs: [
      why(outcome, context),
      `The old key ${oldKey}: ${describeCreation(decision.key, context.now)}, ${describeLastUse(decision.key, context.now)}.`,
      ...describeRecentUse(context.recentUse.get(decision.key.id)),
      whetherUsed(outcome, newKey, context),
      ...location,
      smtpPassword(outcome),
      `How to put it to use: see ${HOW_TO}. Programs that read the secret themselves have nothing to do.`,
      ...whatUsesIt(outcome),
    ],
  };
}

function newKeyOf(
  outcome: Outcome,
  context: DigestContext,
): { readonly newKey: string; readonly location: Paragraphs } {
  const { decision } = outcome;
  if (outcome.status === 'applied') {
    const { replacement } = outcome;
    return replacement === undefined
      ? { newKey: 'that replaces it', location: ['The run report says where its secret is.'] }
      : {
          newKey: clean(replacement.accessKeyId),
          location: describeSecretLocation('The new key', replacement, decision.userName, context),
        };
  }
  const other = otherActiveKey(decision, context);
  const id = other?.id ?? decision.adoption?.replacementId;
  return {
    newKey: id === undefined ? 'that replaces it' : clean(id),
    location: describeReplacementLocation(decision.userName, other, context),
  };
}

function consequence(outcome: Outcome, lastDate: Instant | undefined, context: DigestContext): string {
  const { decision, status } = outcome;
  const { mode } = context;
  const oldKey = clean(decision.key.id);
  if (status === 'applied' && decision.reason === 'emergency') {
    return `If nothing is done: ${oldKey}, which may be in the wrong hands, STILL WORKS: it was to be deactivated at once, and was not.`;
  }
  if (!allows(mode, 'deactivate') || !givesNotices(mode)) {
    return `If nothing is done: ${oldKey} goes on working. No key of this account is deactivated for now.`;
  }
  if (status === 'held') {
    const announced =
      decision.notice === undefined ? '' : `, as announced for ${dayOf(decision.notice.date)}`;
    return `If nothing is done: one of the next runs deactivates ${oldKey}${announced}, and what still uses the old key stops working.`;
  }
  const notice = status === 'applied' ? decision.noticeWhenDone : decision.notice;
  const sooner =
    notice?.about === 'replaced'
      ? ` Once everything uses the new key, ${oldKey} is deactivated from ${dayOf(notice.date)} on.`
      : '';
  return lastDate === undefined
    ? `If nothing is done: ${oldKey} goes on working until nothing uses it any more; there is no last date.${sooner}`
    : `If nothing is done: ${oldKey} is deactivated on ${dayOf(lastDate)}, and what still uses the old key stops working.${sooner}`;
}

/** Somebody decided that the old key goes without waiting for anybody. */
function afterAnEmergency(oldKey: string, switchedOff: Outcome, context: DigestContext): string {
  const deleted =
    switchedOff.decision.noticeWhenDone === undefined || !allows(context.mode, 'delete')
      ? ''
      : ` The old key ${describeNotice(switchedOff, context)}.`;
  return `${oldKey} was DEACTIVATED AT ONCE, by request. If nothing is done: what still uses the old key has stopped working already, and stays so.${deleted}`;
}

/** The reason that a person gave is told as it is. */
function why({ status, decision }: Outcome, context: DigestContext): string {
  const { reason, message, key, adoption } = decision;
  if (reason === 'emergency' || reason === 'by-hand') return sentence(clean(message));
  if (status === 'applied')
    return 'Why: keys are replaced when they get old. The new one was tested and works.';
  const other = otherActiveKey(decision, context);
  if (adoption?.state === 'not-adopted' && other !== undefined && !touched(key, other)) {
    return 'Why: the key was replaced, and nobody has used either key since.';
  }
  return adoption?.state === 'adopted'
    ? 'Why: the key was replaced. The new one is used already, but something uses the old one, or did until a short while ago.'
    : 'Why: the key was replaced, and is STILL IN USE.';
}

function whetherUsed(outcome: Outcome, newKey: string, context: DigestContext): string {
  const { decision, status } = outcome;
  if (status === 'applied') return `The new key ${newKey}: made today, not used yet.`;
  const found = keysOf(decision, context).find(({ id }) => clean(id) === newKey);
  if (found === undefined) return '';
  return `The new key ${newKey}: ${describeCreation(found, context.now)}, ${describeUse(found, context.now)}.`;
}

const describeUse = (key: AccessKey, now: Instant): string =>
  key.lastUse.kind === 'never' ? 'not used yet' : describeLastUse(key, now);

/** Whoever sends mail with the key has a password that is derived from it. */
function smtpPassword(outcome: Outcome): string {
  const region = outcome.status === 'applied' ? outcome.replacement?.sesRegion : undefined;
  return region === undefined
    ? ''
    : `Sends mail by SMTP? The SMTP password of Amazon SES changes with the key. The new one, for ${clean(region)}, is in the secret, too: SesSmtpPassword; the SMTP user name is the id of the new key.`;
}

/** Commands for who has looked already, and for who wants to be done sooner. */
function whatUsesIt({ status, decision }: Outcome): Paragraphs {
  if (status === 'applied') return [];
  const { userName, key }: Decision = decision;
  const id = nameInCommand(key.id);
  return [
    'What used the old key last, at this moment:',
    command(lastUseOf(id)),
    'Nothing uses the old key any more? Switch it off now:',
    command(switchKey(nameInCommand(userName), id, 'Inactive')),
  ];
}
