import { expect } from 'chai';
import { isAddress } from '../../../src/domain/subscriptions/email-address.ts';
import {
  filterFrom,
  filtersOf,
  isSameReader,
  letsThrough,
  mayLetThrough,
  movedFrom,
  ownTopicOf,
  policyOf,
  type Filter,
} from '../../../src/domain/subscriptions/subscription.ts';

const APP = '111111111101';
const DATA = '111111111102';
const byHand = (policy: string, scope = 'MessageAttributes'): Filter => ({ kind: 'custom', policy, scope });

describe('a filter policy', () => {
  for (const [title, policy, scope, filter] of [
    ['that is absent lets everything through', undefined, undefined, { kind: 'everything' }],
    ['that is empty lets everything through', '{}', undefined, { kind: 'everything' }],
    [
      'on accountId is one of ours',
      `{"accountId":["${APP}"]}`,
      undefined,
      { kind: 'accounts', accountIds: [APP] },
    ],
    [
      'on accountId is one of ours, its scope said',
      `{"accountId":["${APP}","organization"]}`,
      'MessageAttributes',
      { kind: 'accounts', accountIds: [APP, 'organization'] },
    ],
    ['on owner is one of ours', '{"owner":["team-a"]}', undefined, { kind: 'owners', owners: ['team-a'] }],
    ['that leaves out owners is one of ours', '{"owner":[{"exists":false}]}', undefined, { kind: 'digests' }],
    [
      'of no account lets nothing through',
      '{"accountId":[]}',
      undefined,
      { kind: 'accounts', accountIds: [] },
    ],
  ] as const) {
    it(title, () => expect(filterFrom(policy, scope)).to.deep.equal(filter));
  }

  for (const [title, policy, scope] of [
    ['on another key', '{"severity":["critical"]}', undefined],
    ['on one more key', `{"accountId":["${APP}"],"severity":["critical"]}`, undefined],
    ['that matches prefixes', '{"accountId":[{"prefix":"1111"}]}', undefined],
    ['that lets only owners through', '{"owner":[{"exists":true}]}', undefined],
    ['that leaves out owners, and more', '{"owner":[{"exists":false},"x"]}', undefined],
    ['on owners in the body', '{"owner":["team-a"]}', 'MessageBody'],
    ['on the body', `{"accountId":["${APP}"]}`, 'MessageBody'],
    ['that is no JSON', 'accountId', undefined],
    ['that is no object', '"accountId"', undefined],
    ['that is null', 'null', undefined],
    ['whose value is no list', `{"accountId":"${APP}"}`, undefined],
  ] as const) {
    it(`${title} is left to whoever has made it`, () => {
      expect(filterFrom(policy, scope)).to.deep.equal(byHand(policy, scope));
    });
  }

  for (const filter of [
    { kind: 'everything' },
    { kind: 'accounts', accountIds: [APP, DATA] },
    byHand('{"severity":["critical"]}'),
  ] as const) {
    it(`is read as it was written: ${filter.kind}`, () => {
      expect(filterFrom(policyOf(filter as Exclude<Filter, { kind: 'unknown' }>))).to.deep.equal(filter);
    });
  }

  for (const [filter, surely, maybe] of [
    [{ kind: 'everything' }, true, true],
    [{ kind: 'accounts', accountIds: [APP] }, true, true],
    [{ kind: 'accounts', accountIds: [DATA] }, false, false],
    [byHand('{"severity":["critical"]}'), false, true],
    [{ kind: 'unknown' }, false, true],
  ] as const) {
    it(`of ${JSON.stringify(filter)} lets an account through: surely ${surely}, maybe ${maybe}`, () => {
      expect([letsThrough(filter, APP), mayLetThrough(filter, APP)]).to.deep.equal([surely, maybe]);
    });
  }
});

describe('subscriptions', () => {
  it('count for the quota unless they surely have no filter policy', () => {
    const filters: readonly Filter[] = [
      { kind: 'everything' },
      { kind: 'accounts', accountIds: [APP] },
      { kind: 'unknown' },
      byHand('x'),
    ];
    expect(filtersOf(filters.map((filter) => ({ protocol: 'email', endpoint: 'a@b.de', filter })))).to.equal(
      3,
    );
  });

  for (const [one, other, same] of [
    [['email', 'ann@example.com'], ['email', 'Ann@Example.com'], true],
    [['email', 'ann@example.com'], ['email-json', 'ann@example.com'], false],
    [['sqs', 'arn:aws:sqs:eu-central-1:1:Q'], ['sqs', 'arn:aws:sqs:eu-central-1:1:q'], false],
  ] as const) {
    it(`of ${one.join(' ')} and ${other.join(' ')} are ${same ? 'one' : 'two'}`, () => {
      const [first, second] = [one, other].map(([protocol, endpoint]) => ({ protocol, endpoint }));
      expect(isSameReader(first!, second!)).to.equal(same);
    });
  }

  it('know where an account moves to, and where it came from', () => {
    const shared = 'arn:aws:sns:eu-central-1:123456789012:digests';
    expect(ownTopicOf(shared, APP)).to.equal(`${shared}-${APP}`);
    expect(movedFrom(`${shared}-${APP}`, APP)).to.equal(shared);
    expect(movedFrom(`${shared}-${APP}`, DATA)).to.equal(undefined);
  });
});

describe('an e-mail address', () => {
  for (const text of ['ann@example.com', 'aws+prod.1@mail.example.co.uk', "o'neill@example.com"]) {
    it(`may be ${text}`, () => expect(isAddress(text)).to.equal(true));
  }
  for (const text of [
    '',
    'ann',
    'ann@',
    '@example.com',
    'ann@localhost',
    'ann@example.com,bob@example.com',
    'ann@example.com bob@example.com',
    'ann@example.com\nBcc: bob@example.com',
    ' ann@example.com',
    'ann@exam ple.com',
    'ann@-example.com',
    'ann@example..com',
    'Ann <ann@example.com>',
    '"ann"@example.com',
    'ann@b@example.com',
    'änn@example.com',
    'ann@exämple.com',
    'ann\u202e@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a.'.repeat(125)}com`,
    'https://example.com',
    'arn:aws:sqs:eu-central-1:123456789012:q',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => expect(isAddress(text)).to.equal(false));
  }
});
