import pLimit from 'p-limit';
import type { AccountTopic } from '../../domain/subscriptions/account-topics.ts';
import { isAddress } from '../../domain/subscriptions/email-address.ts';
import { failureOf } from '../../domain/errors.ts';
import type { SubscriptionState, SubscriptionRequest } from '../../domain/subscriptions/plan.ts';
import type { Contacts } from '../ports/topics.ts';

/**
 * Who is to get what: one address the digests, the messages for an owner or only the organization's summary; or of
 * each account the contact that AWS knows its digests.
 */
export type Who =
  | { readonly address: string; readonly owner?: string }
  | { readonly address: string; readonly summary: true }
  | { readonly contacts: 'organization' | 'security' };

/** What the organization's summary has for an account id. */
export const SUMMARY = 'organization';

/** The summary, as if it were the digest of one more account. */
export const summaryTopic = (topicArn: string): AccountTopic => ({
  account: { id: SUMMARY, name: SUMMARY, state: 'ACTIVE', ouPath: [] },
  topicArn,
  alone: false,
  cannotMoveReason: "it is the organization's summary, which belongs to no account",
});

export interface ResolvedRequests {
  readonly requests: readonly SubscriptionRequest[];
  /** The accounts whose digests somebody is to get. */
  readonly accounts: readonly AccountTopic[];
  readonly refused: readonly SubscriptionState[];
}

/** Calls at the same time: the Account API is throttled sooner than others. */
const AT_ONCE = 2;

/**
 * @param all whether no account was named
 * @param ownId the caller's account
 */
export async function resolveRequests(
  who: Who,
  all: boolean,
  accounts: readonly AccountTopic[],
  ownId: string,
  { contacts, organizationTopicArn }: { readonly contacts: Contacts; readonly organizationTopicArn?: string },
): Promise<ResolvedRequests> {
  if ('summary' in who) return toSummary(who.address, organizationTopicArn);
  if ('address' in who) {
    const accountIds = all ? 'all' : accounts.map(({ account }) => account.id);
    const nobody = accountIds !== 'all' && accountIds.length === 0;
    return { requests: nobody ? [] : [{ ...who, accountIds }], accounts, refused: [] };
  }
  const limit = pLimit(AT_ONCE);
  const found = await limit.map([...accounts], async (one) => ({
    one,
    contact: await contactOf(one, who.contacts, ownId, contacts),
  }));
  const idsOf = new Map<string, { readonly address: string; readonly accountIds: string[] }>();
  for (const { one, contact } of found) {
    if ('kind' in contact) continue;
    // One mailbox may be the contact of many accounts.
    const key = contact.address.toLowerCase();
    const request = idsOf.get(key) ?? { address: contact.address, accountIds: [] };
    request.accountIds.push(one.account.id);
    idsOf.set(key, request);
  }
  return {
    requests: [...idsOf.values()],
    accounts: found.filter(({ contact }) => !('kind' in contact)).map(({ one }) => one),
    refused: found.flatMap(({ contact }) => ('kind' in contact ? [contact] : [])),
  };
}

const toSummary = (address: string, topicArn: string | undefined): ResolvedRequests =>
  topicArn === undefined
    ? {
        requests: [],
        accounts: [],
        refused: [
          {
            kind: 'refused',
            address,
            accountIds: [],
            why: 'no topic is set for the organization, and its summary goes nowhere',
            nextStep: 'Set ROTATION_TOPIC_ARN, or topicArn for the organization.',
          },
        ],
      }
    : { requests: [{ address, accountIds: [SUMMARY] }], accounts: [summaryTopic(topicArn)], refused: [] };

async function contactOf(
  { account: { id, email } }: AccountTopic,
  kind: 'organization' | 'security',
  ownId: string,
  contacts: Contacts,
): Promise<{ readonly address: string } | SubscriptionState> {
  const refused = (why: string, nextStep: string): SubscriptionState => ({
    kind: 'refused',
    accountIds: [id],
    why,
    nextStep,
  });
  let address: string | undefined;
  try {
    address = kind === 'organization' ? email : await contacts.security(id === ownId ? undefined : id);
  } catch (error) {
    const { during, message, nextStep } = failureOf(error, 'read the contacts');
    return refused(`${during}: ${message}`, nextStep);
  }
  if (address === undefined) {
    return kind === 'organization'
      ? refused(
          'AWS Organizations tells no e-mail address of it',
          'Subscribe an address with --email, or run the command in the management account.',
        )
      : refused(
          'it has no alternate contact for security',
          'Set one in its account settings, or subscribe an address with --email.',
        );
  }
  return isAddress(address)
    ? { address }
    : refused(
        `its contact is no e-mail address that can be subscribed: ${JSON.stringify(address)}`,
        'Correct it in the settings of the account, or subscribe an address with --email.',
      );
}
