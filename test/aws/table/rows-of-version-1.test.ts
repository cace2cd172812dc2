import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import type { Item } from '../../../src/aws/table/items.ts';
import { readRows } from '../../../src/aws/table/read-ledger.ts';
import type { KeyMemory } from '../../../src/domain/rotation/key.ts';
import { DAY } from '../../../src/domain/time.ts';
import { START } from '../../support/world.ts';
import { FIRST_MEMBER as APP } from '../support.ts';
import { BEGUN, INTENT, KEY, N, S, type Attributes } from './rows.ts';

/** An account's rows as version 1 has left them. */
const VERSION_1: Readonly<Record<string, Attributes>> = {
  'key#AKIAOLD': { userName: S('ann'), noticedAt: N(START - 20 * DAY) },
  'key#AKIANEW': { ...KEY, replacementOf: S('AKIAOLD'), noticedAt: N(START - DAY) },
  'key#AKIAOFF': { userName: S('bob'), inactiveSince: N(START - 9 * DAY), noticedAt: N(START - 19 * DAY) },
  'key#AKIAON': { userName: S('cem'), reactivatedAt: N(START - 3 * DAY) },
  'key#AKIADEL': { userName: S('dee'), deletedAt: N(START), inactiveSince: N(START - 11 * DAY) },
  'intent#eve': INTENT,
  'begun#AKIAOFF': { ...BEGUN, userName: S('bob') },
  'accepted#deactivations': {
    keyIds: { L: [S('AKIAOLD')] },
    by: S('arn'),
    reason: S('the team moved'),
    at: N(START),
    until: N(START + DAY),
  },
  digest: { publishedAt: N(START - DAY), owedBy: S('run-0'), owedSince: N(START - 2 * DAY) },
};

describe('a table that version 1 wrote', () => {
  const read = (changes: Readonly<Record<string, Item>> = {}) =>
    readRows(
      Object.entries(VERSION_1).map(([sk, row]) => ({
        ...unmarshall(row),
        pk: `account#${APP}`,
        sk,
        ...changes[sk],
      })),
    );

  it('loses its notices, which name no date, and nothing else', () => {
    expect(read()).to.deep.equal({
      keys: new Map<string, KeyMemory>([
        ['AKIAOLD', {}],
        ['AKIANEW', { replacementOf: 'AKIAOLD', deliveredAt: START }],
        ['AKIAOFF', { inactiveSince: START - 9 * DAY }],
        ['AKIAON', { reactivatedAt: START - 3 * DAY }],
      ]),
      users: new Map([
        ['AKIAOLD', 'ann'],
        ['AKIANEW', 'ann'],
        ['AKIAOFF', 'bob'],
        ['AKIAON', 'cem'],
      ]),
      offSince: new Map([
        ['AKIAOFF', START - 9 * DAY],
        ['AKIADEL', START - 11 * DAY],
      ]),
      gone: new Set(['AKIADEL']),
      intents: [
        {
          userName: 'eve',
          userArn: 'arn:aws:iam::111111111101:user/ann',
          replaces: 'AKIA1',
          knownKeyIds: ['AKIA1'],
          startedAt: START,
          leaseEndsAt: START,
          runId: 'run-1',
        },
      ],
      pendingChanges: [
        {
          accessKeyId: 'AKIAOFF',
          what: 'deactivated',
          userName: 'bob',
          runId: 'run-1',
          by: 'arn:aws:iam::123456789012:role/rotation',
          at: START,
          reason: 'unused',
          message: 'Unused.',
        },
      ],
      badRows: [],
      acceptances: [
        {
          limit: 'deactivations',
          keyIds: ['AKIAOLD'],
          by: 'arn',
          reason: 'the team moved',
          at: START,
          until: START + DAY,
        },
      ],
      lastDigestAt: START - DAY,
      pendingDigest: { runId: 'run-0', since: START - 2 * DAY },
    });
  });

  it('makes nobody wait for a notice that could not be read: it does not count anyway', () => {
    const { badRows, keys } = read({ 'key#AKIAOLD': { noticedAt: 'yesterday' } });
    expect(badRows).to.deep.equal([]);
    expect(keys.get('AKIAOLD')).to.deep.equal({});
  });
});
