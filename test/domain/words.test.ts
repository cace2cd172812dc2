import { expect } from 'chai';
import { failureOf, InputError, isKind, OperationError } from '../../src/domain/errors.ts';
import { DAY } from '../../src/domain/time.ts';
import { formatDays, formatDaysAgo, describeLastUse } from '../../src/domain/rotation/rule.ts';
import { failure, key, T0 } from '../support/builders.ts';

describe('the words of the messages', () => {
  for (const [duration, words] of [
    [DAY, '1 day'],
    [10 * DAY, '10 days'],
    [DAY / 2, '0.5 days'],
    [DAY / 3, '0.33 days'],
    [0, '0 days'],
  ] as const) {
    it(`calls ${duration} ms "${words}"`, () => expect(formatDays(duration)).to.equal(words));
  }

  for (const [ago, words] of [
    [DAY - 1, 'today'],
    [DAY, 'yesterday'],
    [2 * DAY - 1, 'yesterday'],
    [2 * DAY, '2 days ago'],
    [-DAY, 'today'],
  ] as const) {
    it(`calls ${ago} ms ago "${words}"`, () => expect(formatDaysAgo(T0 - ago, T0)).to.equal(words));
  }

  it('distinguishes never used from unknown', () => {
    expect(describeLastUse(key({ lastUsed: 3 * DAY }), T0)).to.equal('last used 3 days ago');
    expect(describeLastUse(key({ lastUsed: 'never' }), T0)).to.equal('never used');
    expect(describeLastUse(key({ lastUsed: 'unknown' }), T0)).to.equal('last use unknown');
  });
});

describe('refusals', () => {
  const denied = new OperationError(failure({ kind: 'denied' }));

  it('reports what an adapter said as it is', () => {
    expect(failureOf(denied, 'elsewhere')).to.equal(denied.failure);
    expect(denied.message).to.equal('iam:UpdateAccessKey: not authorized');
  });

  it('reports any other error as a defect, with the step it happened in', () => {
    expect(failureOf(new TypeError('x is undefined'), 'deciding')).to.include({
      kind: 'unknown',
      during: 'deciding',
      message: 'TypeError: x is undefined',
    });
    expect(failureOf('thrown text', 'deciding').message).to.equal('thrown text');
  });

  it('knows the kinds of refusals, and that nothing else has one', () => {
    expect(isKind(denied, 'throttled', 'denied')).to.equal(true);
    expect(isKind(denied, 'throttled')).to.equal(false);
    expect(isKind(new Error('denied'), 'denied')).to.equal(false);
  });

  it('names all that is wrong with the input, one a line', () => {
    const error = new InputError(['first', 'second']);
    expect(error.problems).to.deep.equal(['first', 'second']);
    expect(error.message).to.equal('first\nsecond');
  });
});
