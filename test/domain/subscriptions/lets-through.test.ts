import { expect } from 'chai';
import {
  letsMessageThrough,
  readersAmong,
  type Answer,
  type Filterable,
} from '../../../src/domain/subscriptions/lets-through.ts';
import { EVERYTHING, type Filter } from '../../../src/domain/subscriptions/subscription.ts';
import { APP, confirmed, DATA, only, pending } from '../../support/subscriptions.ts';

const MESSAGE: Filterable = {
  attributes: { accountId: APP, accountName: 'App-Prod', severity: 'warning', mode: 'enforce' },
  lists: { owners: ['team-a', 'team-b'] },
};
const custom = (policy: unknown, scope = 'MessageAttributes'): Filter => ({
  kind: 'custom',
  policy: typeof policy === 'string' ? policy : JSON.stringify(policy),
  scope,
});

/** By the documentation of SNS: a policy, and whether the message gets through. */
const POLICIES: readonly (readonly [why: string, policy: unknown, Answer])[] = [
  ['a value', { severity: ['warning'] }, 'yes'],
  ['one of several values', { severity: ['critical', 'warning'] }, 'yes'],
  ['another value', { severity: ['critical'] }, 'no'],
  ['no value at all', { severity: [] }, 'no'],
  ['a value in another case', { severity: ['WARNING'] }, 'no'],
  ['several keys, all of which match', { severity: ['warning'], accountId: [APP] }, 'yes'],
  ['several keys, one of which does not match', { severity: ['warning'], accountId: [DATA] }, 'no'],
  ['an attribute that the message lacks', { team: ['a'] }, 'no'],
  ['a name that every object has', { constructor: ['a'] }, 'no'],
  ['one value of a list', { owners: ['team-b'] }, 'yes'],
  ['no value of a list', { owners: ['team-c'] }, 'no'],

  ['a prefix', { accountName: [{ prefix: 'App-' }] }, 'yes'],
  ['another prefix', { accountName: [{ prefix: 'app-' }] }, 'no'],
  ['a prefix in a list', { owners: [{ prefix: 'team-' }] }, 'yes'],
  ['a suffix', { accountName: [{ suffix: '-Prod' }] }, 'yes'],
  ['another suffix', { accountName: [{ suffix: '-Test' }] }, 'no'],
  ['any case', { accountName: [{ 'equals-ignore-case': 'APP-prod' }] }, 'yes'],
  ['another word in any case', { accountName: [{ 'equals-ignore-case': 'app' }] }, 'no'],
  ['a value or a prefix', { accountName: ['Data', { prefix: 'App' }] }, 'yes'],

  ['anything but another value', { severity: [{ 'anything-but': 'info' }] }, 'yes'],
  ['anything but this value', { severity: [{ 'anything-but': 'warning' }] }, 'no'],
  ['anything but others', { severity: [{ 'anything-but': ['info', 'critical'] }] }, 'yes'],
  ['anything but some, this among them', { severity: [{ 'anything-but': ['info', 'warning'] }] }, 'no'],
  ['anything but a prefix', { accountName: [{ 'anything-but': { prefix: 'Data' } }] }, 'yes'],
  ['anything but this prefix', { accountName: [{ 'anything-but': { prefix: 'App' } }] }, 'no'],
  ['anything but, of an attribute that the message lacks', { team: [{ 'anything-but': 'a' }] }, 'no'],
  ['anything but what is not in a list', { owners: [{ 'anything-but': 'team-c' }] }, 'yes'],
  ['anything but all of a list', { owners: [{ 'anything-but': { prefix: 'team-' } }] }, 'no'],
  ['anything but a part of a list', { owners: [{ 'anything-but': 'team-a' }] }, 'unknown'],

  ['that there is an attribute', { mode: [{ exists: true }] }, 'yes'],
  ['that there is a list', { owners: [{ exists: true }] }, 'yes'],
  ['that there is one that is missing', { team: [{ exists: true }] }, 'no'],
  ['that there is no attribute', { team: [{ exists: false }] }, 'yes'],
  ['that there is none that there is', { mode: [{ exists: false }] }, 'no'],

  ['one of two policies', { $or: [{ severity: ['critical'] }, { mode: ['enforce'] }] }, 'yes'],
  ['neither of two policies', { $or: [{ severity: ['critical'] }, { mode: ['audit'] }] }, 'no'],
  [
    'a key, and one of two policies',
    { accountId: [DATA], $or: [{ severity: ['warning'] }, { mode: ['audit'] }] },
    'no',
  ],
  [
    'one of two policies within another',
    { $or: [{ mode: ['audit'] }, { $or: [{ mode: ['x'] }, {}] }] },
    'yes',
  ],
  ['one policy only', { $or: [{ severity: ['warning'] }] }, 'unknown'],
  ['policies that are operators', { $or: [{ prefix: 'a' }, { suffix: 'b' }] }, 'unknown'],
  ['policies that are none', { $or: ['a', 'b'] }, 'unknown'],

  ['a number', { accountId: [Number(APP)] }, 'unknown'],
  ['an operator that is not known', { accountId: [{ wildcard: '1*' }] }, 'unknown'],
  ['a numeric operator', { accountId: [{ numeric: ['>', 1] }] }, 'unknown'],
  ['an operator of an operator', { accountId: [{ prefix: { 'equals-ignore-case': '1' } }] }, 'unknown'],
  ['anything but a suffix', { accountName: [{ 'anything-but': { suffix: 'x' } }] }, 'unknown'],
  ['anything but numbers', { accountName: [{ 'anything-but': [1] }] }, 'unknown'],
  ['existence by a word', { mode: [{ exists: 'true' }] }, 'unknown'],
  ['two operators in one', { accountName: [{ prefix: 'A', suffix: 'd' }] }, 'unknown'],
  ['no operator in one', { accountName: [{}] }, 'unknown'],
  ['a nested key', { account: { id: [APP] } }, 'unknown'],
  ['a value without a list', { accountId: APP }, 'unknown'],
  ['null', { accountId: [null] }, 'unknown'],
  ['something unknown or a value that matches', { severity: [{ cidr: '10.0.0.0/8' }, 'warning'] }, 'yes'],
  ['something unknown, and a key that does not match', { mode: ['audit'], severity: [1] }, 'no'],
  ['something unknown in one of two policies', { $or: [{ mode: [1] }, { mode: ['audit'] }] }, 'unknown'],
  ['something that is no JSON', '{"accountId"', 'unknown'],
  ['a list', [], 'unknown'],
];

describe('a filter policy that asks for', () => {
  for (const [why, policy, expected] of POLICIES) {
    it(`${why}: ${expected}`, () => {
      expect(letsMessageThrough(custom(policy), MESSAGE)).to.equal(expected);
    });
  }
});

describe('a subscription', () => {
  for (const [title, filter, expected] of [
    ['without a filter gets everything', EVERYTHING, 'yes'],
    ['to this account gets it', only(DATA, APP), 'yes'],
    ['to other accounts does not get it', only(DATA), 'no'],
    ['to no account does not get it', only(), 'no'],
    ['that filters by the body may get it', custom({ severity: ['warning'] }, 'MessageBody'), 'unknown'],
    ['whose filter can not be read may get it', { kind: 'unknown' }, 'unknown'],
  ] as const) {
    it(title, () => {
      expect(letsMessageThrough(filter, MESSAGE)).to.equal(expected);
    });
  }
});

describe('a message is received by', () => {
  const unreadable = confirmed('far@example.com', { kind: 'unknown' });
  const other = confirmed('data@example.com', only(DATA));
  const reader = confirmed('app@example.com', only(APP));
  for (const [title, subscriptions, expected] of [
    ['nobody on a topic without subscriptions', [], 'nobody'],
    ['nobody where all wait for their confirmation', [pending('a@example.com')], 'nobody'],
    ['nobody where all asked for other accounts', [other, pending('a@example.com')], 'nobody'],
    ['somebody where one asked for it', [other, unreadable, reader], 'somebody'],
    ['perhaps somebody, where what one asked for can not be read', [other, unreadable], 'unknown'],
  ] as const) {
    it(title, () => {
      expect(readersAmong(subscriptions, MESSAGE)).to.equal(expected);
    });
  }
});
