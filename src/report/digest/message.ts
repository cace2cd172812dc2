import { definedOnly } from '../../domain/defined-only.ts';
import type { Account } from '../../domain/account.ts';
import type { Mode } from '../../domain/rotation/limits.ts';
import type { Digest } from '../../domain/report/notification.ts';
import type { DigestOptions } from './context.ts';
import { countsOf } from './counts.ts';
import { chatOf } from '../message/chat.ts';
import { fitToSize } from '../message/fit-to-size.ts';
import type { Entry } from '../message/block.ts';
import { ownersOf } from './owners.ts';
import { clean, wrap } from '../common/sanitize.ts';
import type { JsonExclusion } from './left-out.ts';
import type { KeyCounts } from './nothing-to-report.ts';
import { countOf, message, sectionText, type Section } from '../message/sections.ts';
import { ownerAttributesOf } from '../../domain/report/digest-attributes.ts';
import { attributesOf, severityOf } from './severity.ts';
import { digestSubject } from './subject.ts';
import { describeAccount, minuteOf } from '../common/wording.ts';

/** What a digest is put together from; texts that are left out leave no gap. */
export interface Draft {
  readonly account: Account;
  /** The account's own. */
  readonly mode: Mode;
  /** Where it is for one owner only, and has nothing for administrators. */
  readonly owner?: string;
  readonly options: DigestOptions;
  /** For the owners of keys; what is asked of them comes first. */
  readonly forOwners: readonly Section<Entry>[];
  readonly forAdministrators: readonly Section<Entry>[];
  /** Stands below what is asked. */
  readonly howTo?: string;
  /** What the text says first. */
  readonly headline: string;
  /** How the subject begins. */
  readonly lead: string;
  /** What the subject says then, the most important first. */
  readonly parts: readonly string[];
  /** Warnings that are never left out; may be empty. */
  readonly warning: string;
  /** Whom the settings leave out; never cut, and may be empty. */
  readonly leftOut?: { readonly text: string; readonly json: readonly JsonExclusion[] };
  /** Nothing was changed, and nobody is asked for anything. */
  readonly plan?: boolean;
  /** What the text says last. */
  readonly footer?: string;
  /** Where there is nothing else to say. */
  readonly keys?: KeyCounts;
  /** A limit stopped all deactivations or deletions. */
  readonly overLimit?: boolean;
}

/** For whoever has never heard of one. */
const WHAT_A_KEY_IS =
  'An access key is an id and a secret by which a program signs in to AWS. Old ones are replaced. A deactivated key is off: what uses it stops working. A deleted one is gone for good.';

/** From here on nothing is for who owns a key. */
const FOR_ADMINISTRATORS = [
  'FOR ADMINISTRATORS',
  '==================',
  'Nothing from here on is asked of the owner of a key.',
].join('\n');

/** Where a reader finds what a digest had no room for. */
function whereAllOfItIs({ id }: Account, runId: string): string {
  const account = clean(id, 20);
  return `see access-key-rotation status --account ${account} (every key, and what is next), access-key-rotation history --account ${account} (what was done), and the log of run ${runId} (all of it)`;
}

/** The same for a chat room. */
function whereTheRestIs({ id }: Account): string {
  const account = clean(id, 20);
  return `access-key-rotation status --account ${account} (every key), or the mail.`;
}

/** Writes a digest, within the size that a message may have. */
export function digestMessage(draft: Draft): Digest {
  const {
    account,
    mode,
    owner,
    options,
    forOwners,
    forAdministrators,
    warning,
    keys,
    howTo = '',
    footer = '',
  } = draft;
  const sections = [...forOwners, ...forAdministrators];
  const { leftOut = { text: '', json: [] } } = draft;
  const runId = clean(options.runId);
  const credentials = `The aws commands need credentials of account ${clean(account.id, 20)}.`;
  const seeAll = whereAllOfItIs(account, runId);
  const blocks = sections.flatMap((section) => section.blocks);
  const counts = countsOf(blocks);
  // Who counts as a reader of announcements gets warnings, not everything.
  const announcesAny = blocks.some(({ announces = [] }) => announces.length > 0);
  const severity = severityOf(counts, mode, draft.overLimit === true || warning !== '' || announcesAny);
  const { text, json, kept } = fitToSize(blocks, (survivors) => ({
    text: message([
      wrap(
        `AWS access keys of ${owner === undefined ? '' : `${owner} in `}the account ${describeAccount(account)}${draft.plan === true ? ': plan only, nothing is asked of you yet' : ''}`,
        '',
        '  ',
      ).join('\n'),
      ...[
        draft.headline,
        warning,
        forOwners.some((section) => section.blocks.length > 0) ? WHAT_A_KEY_IS : '',
      ].map((paragraph) => wrap(paragraph).join('\n')),
      ...forOwners.flatMap((section, index) => [
        sectionText(section, survivors, seeAll),
        ...(index === 1 ? [howTo] : []),
      ]),
      forOwners.some((section) => section.blocks.length > 0) ? credentials : '',
      owner === undefined ? FOR_ADMINISTRATORS : '',
      ...forAdministrators.map((section) => sectionText(section, survivors, seeAll)),
      leftOut.text,
      wrap(
        `Run ${runId} of ${minuteOf(options.now)}${owner === undefined ? `, mode ${mode}` : ''}. Dates are in UTC. ${footer}`.trim(),
      ).join('\n'),
    ]),
    json: JSON.stringify({
      schemaVersion: 1,
      kind: owner === undefined ? 'account-digest' : 'owner-digest',
      ...definedOnly({ owner }),
      runId,
      mode,
      account: { id: clean(account.id), name: clean(account.name) },
      severity,
      ...(warning === '' ? {} : { warning }),
      counts,
      ...definedOnly({ keys }),
      ...(leftOut.json.length === 0 ? {} : { leftOut: leftOut.json }),
      entries: blocks.filter((block) => survivors.has(block)).flatMap(({ entries }) => entries),
      cut: countOf(blocks) - countOf(survivors),
      ...(countOf(blocks) === countOf(survivors) ? {} : { seeAll }),
    }),
  }));
  const announced = [...kept].flatMap(({ announces = [] }) => announces);
  const told = [...kept].flatMap((block) => [...(block.told ?? [])]);
  const owners = ownersOf(blocks);
  const subject = digestSubject(draft.lead, draft.parts, account);
  return {
    subject,
    text,
    json,
    chat: chatOf({
      subject,
      headline: [warning, draft.headline].join(' '),
      tasks: blocks.flatMap(({ task }) => task ?? []),
      seeAll: whereTheRestIs(account),
      kind: owner === undefined ? 'account-digest' : 'owner-digest',
      accountId: account.id,
      severity,
      runId,
    }),
    attributes: owner === undefined ? attributesOf(account, severity, mode) : ownerAttributesOf(owner),
    ...(owners.length === 0 || owner !== undefined ? {} : { lists: { owners } }),
    announces: new Set(announced),
    told: new Map(told),
  };
}
