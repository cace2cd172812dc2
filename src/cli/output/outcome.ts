import pc from 'picocolors';
import { ASKS_FROM_THEN_ON, NEXT, ONCE_MOVED } from '../../domain/report/next-step.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import { CHANGING, type Action, type Adoption, type Decision } from '../../domain/rotation/decision.ts';
import type { Instant } from '../../domain/time.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import { dayOf } from '../../report/common/wording.ts';

/* What became of a key, or comes next, in the words of a table's cell. */

const ADOPTION: Record<Adoption['state'], (newId: string) => string> = {
  moved: (newId) => `Owner has moved to ${newId}.`,
  adopted: (newId) => `Owner uses ${newId}, and this key too.`,
  'not-adopted': (newId) => `Owner has not moved to ${newId} yet.`,
};

/** How far the owner of a replaced key has come; nothing for other keys, or where the message says it. */
export const adoptionOf = ({ adoption, message }: Decision): readonly string[] =>
  adoption === undefined || /has moved/.test(message)
    ? []
    : [ADOPTION[adoption.state](clean(adoption.replacementId))];

const PAST: Partial<Record<Action, string>> = {
  replace: 'replaced',
  deactivate: 'deactivated',
  delete: 'deleted',
  restore: 'restored',
};

/** In what is shown before it is done: nothing holds the change back. */
const isToBeDone = ({ status, decision }: Outcome): boolean =>
  status === 'none' && CHANGING.has(decision.action);

/** What became of a key, or what comes next and when. */
export function whatOf(outcome: Outcome, now: Instant): string {
  const { action } = outcome.decision;
  switch (outcome.status) {
    case 'applied':
      return pc.green(PAST[action] ?? action);
    case 'held':
      return outcome.by === 'mode' ? pc.cyan(`would ${action}`) : pc.yellow(`${action}: held back`);
    case 'failed':
      return pc.red(`${action}: failed`);
    case 'partial':
      return pc.red(`${action}: unfinished`);
    case 'none':
      if (action === 'blocked') return pc.red('needs a person');
      if (isToBeDone(outcome)) return pc.cyan(`will ${action} now`);
      return upcoming(outcome.decision, now);
  }
}

function upcoming({ action, reason, dueAt }: Decision, now: Instant): string {
  const next = NEXT[reason];
  if (next === undefined) {
    const ends = (action === 'keep' || action === 'exempt') && dueAt !== undefined;
    return ends ? `${action} until ${dayOf(dueAt)}` : action;
  }
  if (ONCE_MOVED.has(reason) && dueAt === undefined) return `will ${next} once moved`;
  if (ASKS_FROM_THEN_ON.has(reason) && dueAt !== undefined) return `needs a person from ${dayOf(dueAt)} on`;
  return dueAt === undefined || dueAt <= now ? `will ${next}` : `will ${next} from ${dayOf(dueAt)} on`;
}

/** What else there is to know of what was done or went wrong. */
export function detailsOf(outcome: Outcome): readonly string[] {
  switch (outcome.status) {
    case 'applied':
      return outcome.replacement === undefined
        ? []
        : [
            whole(
              `New key ${outcome.replacement.accessKeyId} in ${outcome.replacement.secretArn ?? outcome.replacement.secretName}.`,
            ),
            ...(outcome.replacement.sesRegion === undefined
              ? []
              : [clean(`The SMTP password of SES in ${outcome.replacement.sesRegion} changes with it.`)]),
          ];
    case 'held':
      return outcome.by === 'mode' ? [] : [clean(`Held back: ${outcome.why}.`)];
    case 'failed':
    case 'partial':
      return [
        clean(`${outcome.failure.during}: ${outcome.failure.message}.`),
        `Next step: ${whole(outcome.failure.nextStep)}`,
      ];
    case 'none':
      return [];
  }
}
