import { marshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import { rowChangesIn } from '../../../src/aws/table/row-changes.ts';
import { InputError } from '../../../src/domain/errors.ts';

const KEYS = { pk: 'settings', sk: 'organization' };
const image = (values: object) => marshall({ ...KEYS, ...values });
const record = (images: object, more: object = {}) => ({
  eventName: 'MODIFY',
  eventSource: 'aws:dynamodb',
  ...more,
  dynamodb: { Keys: marshall(KEYS), SequenceNumber: '1', StreamViewType: 'NEW_AND_OLD_IMAGES', ...images },
});
const BY_TTL = { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } };

describe('what the stream of the table says', () => {
  for (const [title, one, expected] of [
    ['a new row', record({ NewImage: image({ at: 1 }) }), { after: { at: 1 }, expired: false }],
    [
      'a changed row',
      record({ OldImage: image({ values: { mode: 'audit' } }), NewImage: image({ final: ['mode'] }) }),
      { before: { values: { mode: 'audit' } }, after: { final: ['mode'] }, expired: false },
    ],
    ['a removed row', record({ OldImage: image({}) }), { before: {}, expired: false }],
    ['a row removed in time', record({ OldImage: image({}) }, BY_TTL), { before: {}, expired: true }],
    [
      'one by nobody',
      record({ OldImage: image({}) }, { userIdentity: null }),
      { before: {}, expired: false },
    ],
    [
      'a number that JavaScript can not hold',
      record({ NewImage: { at: { N: '12345678901234567890' } } }),
      { after: { at: 12345678901234567000 }, expired: false },
    ],
  ] as const) {
    it(`is understood: ${title}`, () =>
      expect(rowChangesIn({ Records: [one] })).to.deep.equal([{ ...KEYS, ...expected }]));
  }

  for (const event of [
    undefined,
    null,
    {},
    { Records: null },
    { Records: [{}] },
    { Records: [{ dynamodb: {} }] },
    { Records: [{ dynamodb: { Keys: { pk: { S: 'settings' } } } }] },
    { Records: [{ dynamodb: { Keys: { pk: { N: '1' }, sk: { S: 'x' } } } }] },
    { Records: [record({ NewImage: 'x' })] },
    { mode: 'audit' },
    'x',
  ]) {
    it(`is refused when it is something else: ${JSON.stringify(event)}`, () =>
      expect(() => rowChangesIn(event)).to.throw(InputError, 'must be an event of the stream of the table'));
  }
});
