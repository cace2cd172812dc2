import { AccountClient, GetAlternateContactCommand } from '@aws-sdk/client-account';
import { definedOnly } from '../../domain/defined-only.ts';
import { isKind } from '../../domain/errors.ts';
import type { Contacts } from '../../run/ports/topics.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { countCalls } from '../client/call-counts.ts';
import { ask, required } from '../client/errors.ts';

const DENIED =
  'Run it in the management account, or in the delegated administrator of Account Management, with account:GetAlternateContact allowed; and let Account Management into the organization, there: aws organizations enable-aws-service-access --service-principal account.amazonaws.com. The contact of the management account itself can be read in that account only.';

const GET_CONTACT = 'account:GetAlternateContact';

/** The Account API: one endpoint for all regions. */
export function accountContacts(settings: AwsSettings): Contacts {
  const client = countCalls(new AccountClient(clientConfig(settings)), settings.counts);
  return {
    security: async (accountId) => {
      const get = new GetAlternateContactCommand({
        AlternateContactType: 'SECURITY',
        ...definedOnly({ AccountId: accountId }),
      });
      try {
        const answer = await ask(GET_CONTACT, () => client.send(get), { denied: DENIED });
        return required(GET_CONTACT, answer.AlternateContact?.EmailAddress, 'an address');
      } catch (error) {
        // Of an account that the organization lists, only the contact can be missing.
        if (isKind(error, 'not-found')) return undefined;
        throw error;
      }
    },
  };
}
