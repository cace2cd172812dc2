import { expect } from 'chai';
import { readersAmong, type Filterable } from '../../../src/domain/subscriptions/lets-through.ts';
import type { Filter, Subscription } from '../../../src/domain/subscriptions/subscription.ts';
import { readersOfChanges } from '../../../src/run/context/readers-of-changes.ts';
import { account, TOPIC_ARN } from '../../support/builders.ts';
import { APP, confirmed, DATA, only } from '../../support/subscriptions.ts';

const by = (policy: object): Filter => ({
  kind: 'custom',
  policy: JSON.stringify(policy),
  scope: 'MessageAttributes',
});
const severity = (...values: readonly string[]) => by({ severity: values });

describe('before anything is decided, the changes of an account have', () => {
  const readersWith = (...filters: readonly Filter[]) => {
    const subscriptions = filters.map((filter, index): Subscription => confirmed(`r${index}@e.org`, filter));
    const readers = { of: async (_arn: string, message: Filterable) => readersAmong(subscriptions, message) };
    return readersOfChanges(readers, TOPIC_ARN, account({ id: APP, name: 'app' }), 'enforce');
  };
  for (const [title, filters, expected] of [
    ['a reader who gets everything of the account', [only(APP)], 'somebody'],
    ['none who gets other accounts', [only(DATA)], 'nobody'],
    ['a reader who gets warnings and what is critical', [severity('critical', 'warning')], 'somebody'],
    ['none who gets only what is critical', [severity('critical')], 'nobody'],
    ['none who gets only warnings, since they may be critical', [severity('warning')], 'nobody'],
    ['readers who get the one and the other', [severity('warning'), severity('critical')], 'somebody'],
    [
      'a reader who leaves out what is only to be known',
      [by({ severity: [{ 'anything-but': 'info' }] })],
      'somebody',
    ],
    ['a reader of this mode', [by({ mode: ['enforce'] })], 'somebody'],
    ['none of another mode', [by({ mode: ['audit'] })], 'nobody'],
    ['none who gets only what somebody owns', [by({ owners: ['team-a'] })], 'nobody'],
    ['none who gets only what nobody owns', [by({ owners: [{ exists: false }] })], 'nobody'],
    [
      'perhaps a reader, where one of two filters is not understood',
      [severity('warning'), by({ severity: [{ wildcard: 'crit*' }] })],
      'unknown',
    ],
  ] as const) {
    it(`${title}: ${expected}`, async () => {
      expect(await readersWith(...filters)).to.equal(expected);
    });
  }
});
