import { definedOnly } from '../../domain/defined-only.ts';
import type { EventNotice } from '../../domain/report/event.ts';
import type { Gap, Outcome } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Adoption, Decision } from '../../domain/rotation/decision.ts';
import type { Told } from '../../domain/rotation/key.ts';
import { cleanFacts } from '../common/key-facts.ts';
import { clean, nameInCommand, sentence, wrap } from '../common/sanitize.ts';
import { causeOf, isoOf, describeNext, ownerField, describeOwner } from '../common/wording.ts';

/** As far as CloudTrail's event history of one region shows it. */
export interface JsonRecentUse {
  readonly days: number;
  readonly region: string;
  readonly calls: number;
  /** False where there are older calls that were not read. */
  readonly isComplete: boolean;
  readonly workloads: readonly {
    readonly program: string;
    readonly sourceAddress: string;
    readonly services: readonly string[];
    readonly calls: number;
    /** ISO 8601. */
    readonly lastAt: string;
  }[];
  /** How many workloads there are besides. */
  readonly more: number;
}

export type SectionName =
  'needs-a-person' | 'failed' | 'done' | 'will-happen' | 'held-back' | 'exempt' | 'notes';

/** One thing a digest reports, for machines. */
export interface Entry {
  readonly section: SectionName;
  /** `null` where it is about the account as a whole. */
  readonly userName: string | null;
  readonly owner?: string;
  readonly accessKeyId: string | null;
  readonly action: string | null;
  readonly reason: string;
  readonly message: string;
  readonly status: Outcome['status'];
  /** Why it is held, or has failed. */
  readonly cause?: string;
  /** ISO 8601. */
  readonly dueAt?: string;
  readonly newAccessKeyId?: string;
  readonly secretName?: string;
  /** Where the secret is in another account than the user's. */
  readonly secretArn?: string;
  /** Who has answered for leaving the user alone, and why; until when says `dueAt`. */
  readonly exemption?: { readonly owner: string; readonly reason: string };
  readonly nextStep?: string;
  /** The replacement that the key has, and how far its owner has come. */
  readonly replacedBy?: string;
  readonly adoption?: Adoption['state'];
  /** The last use of the key that IAM knows of. */
  readonly lastUsedAt?: string;
  readonly lastUsedService?: string;
  readonly lastUsedRegion?: string;
  /** Who used it lately, where that was looked up. */
  readonly recentUse?: JsonRecentUse;
  /** What the message announces of the key. */
  readonly notice?: EventNotice;
  /** The region whose SMTP password of Amazon SES has changed with the key. */
  readonly sesRegion?: string;
  /** Its owner is asked to do something about it. */
  readonly asked?: true;
  /** ISO 8601: by when; absent where nothing happens on a date. */
  readonly lastDate?: string;
  /** The last digest has told this in full, and it is as it was. */
  readonly unchanged?: true;
}

/** A thing to do, in a sentence each. */
export interface Task {
  readonly what: string;
  readonly otherwise: string;
}

/** A piece of a message that is either in it as a whole, or cut. */
export interface Block<Data extends object = Entry> {
  /** For people. */
  readonly lines: readonly string[];
  /** The same for machines; more than one where two keys share a block. */
  readonly entries: readonly Data[];
  /** What is to be done, and what happens otherwise: the same in short. */
  readonly task?: Task;
  /** Blocks with the same group stand together under this sentence, which may be empty. */
  readonly group?: string;
  /** A line to be copied that belongs to the group's sentence. */
  readonly groupCommand?: string;
  /** The ids of the keys of which these lines make an announcement: user, key and dates are in them. */
  readonly announces?: readonly string[];
  /** The keys that these lines tell in full. */
  readonly told?: ReadonlyMap<string, Told>;
  /** The last digest has told this already: no reason for another one. */
  readonly unchanged?: boolean;
  /** Of what is too much, the highest goes first; {@link NEVER_SHOWN} is only counted. */
  readonly rank: number;
}

/**
 * What is left out last comes first: what nobody but a reader can solve, then what else is asked of one. A notice
 * that is left out doesn't count, so nobody is locked out by it; it only comes later.
 */
export const RANK = {
  person: 0,
  failed: 1,
  replacement: 2,
  notice: 3,
  switchedOff: 4,
  deactivation: 5,
  restoration: 5,
  deletion: 6,
  upcoming: 7,
  held: 8,
  exempt: 9,
  note: 10,
} as const;

export const NEVER_SHOWN = Infinity;

export function entryOf(section: SectionName, outcome: Outcome): Entry {
  const { decision } = outcome;
  const dueAt = decision.dueAt === undefined ? undefined : isoOf(decision.dueAt);
  const failure = 'failure' in outcome ? outcome.failure : undefined;
  const replacement = outcome.status === 'applied' ? outcome.replacement : undefined;
  const { secretArn } = replacement ?? {};
  const createdKeyId = outcome.status === 'partial' ? outcome.createdKeyId : undefined;
  const newAccessKeyId = replacement?.accessKeyId ?? createdKeyId;
  const cause =
    failure !== undefined ? causeOf(failure) : outcome.status === 'held' ? outcome.why : undefined;
  return {
    section,
    userName: nameInCommand(decision.userName),
    ...ownerField(decision.owner),
    accessKeyId: nameInCommand(decision.key.id),
    action: decision.action,
    reason: decision.reason,
    message: clean(decision.message),
    status: outcome.status,
    ...(cause === undefined ? {} : { cause: clean(cause) }),
    ...definedOnly({ dueAt }),
    ...(newAccessKeyId === undefined ? {} : { newAccessKeyId: nameInCommand(newAccessKeyId) }),
    ...(replacement === undefined ? {} : { secretName: nameInCommand(replacement.secretName) }),
    ...(secretArn === undefined ? {} : { secretArn: nameInCommand(secretArn) }),
    ...(replacement?.sesRegion === undefined ? {} : { sesRegion: clean(replacement.sesRegion) }),
    ...exemptionOf(decision),
    ...cleanFacts(outcome),
    ...(failure === undefined ? {} : { nextStep: clean(failure.nextStep) }),
  };
}

function exemptionOf({ action, policy: { exemption } }: Decision): Pick<Entry, 'exemption'> {
  if (action !== 'exempt' || exemption === undefined) return {};
  return { exemption: { owner: describeOwner(exemption.owner), reason: clean(exemption.reason) } };
}

export const entryOfGap = ({ userName, reason, failure }: Gap): Entry => ({
  section: 'failed',
  userName: nameInCommand(userName),
  accessKeyId: null,
  action: 'skip',
  reason,
  message: causeOf(failure),
  status: 'failed',
  nextStep: clean(failure.nextStep),
});

const entryOfFinding = (section: SectionName, { severity, message, nextStep }: Finding): Entry => ({
  section,
  userName: null,
  accessKeyId: null,
  action: null,
  reason: severity,
  message: clean(message),
  status: severity === 'failure' ? 'failed' : 'none',
  ...(nextStep === undefined ? {} : { nextStep: clean(nextStep) }),
});

export const blockOfFinding = (section: SectionName, rank: number, finding: Finding): Block => ({
  rank,
  entries: [entryOfFinding(section, finding)],
  lines: item(sentence(clean(finding.message)), [describeNext(finding.nextStep)]),
});

/** A thing to do, as it is told in full. */
export interface TaskItem extends Task {
  readonly paragraphs: readonly (string | Command)[];
}

/** An item of a list: its first sentence behind a dash, and below it paragraphs; empty ones are left out. */
export const item = (title: string, paragraphs: readonly (string | Command)[] = []): readonly string[] => [
  ...wrap(title, '- ', '  '),
  ...paragraphs.flatMap((part) =>
    typeof part !== 'string' ? [`    ${part.command}`] : part === '' ? [] : wrap(part, '  '),
  ),
];

/** A line to be copied: never broken, however long it is. */
export interface Command {
  readonly command: string;
}

export const command = (line: string): Command => ({ command: line });
