import { fail } from 'node:assert/strict';
import { expect } from 'chai';
import { pagesOf, readList, type List } from '../../../src/aws/client/pages.ts';
import { failureOf } from '../support.ts';

interface Answer {
  readonly Things?: readonly string[];
  readonly Next?: string;
}

/** A list whose pages are found by their tokens. Fails when it is asked for ever. */
function listOf(pages: Readonly<Record<string, Answer>>, options: Partial<List<Answer, string>> = {}) {
  const asked: (string | undefined)[] = [];
  const list: List<Answer, string> = {
    action: 'iam:ListThings',
    fetch: async (token) => {
      asked.push(token);
      return asked.length > 9 ? fail('asked for ever') : (pages[token ?? 'first'] ?? fail('no such page'));
    },
    things: ({ Things }) => Things,
    next: ({ Next }) => Next,
    ...options,
  };
  return { list, asked };
}

describe('a list of AWS', () => {
  for (const [title, pages, expected] of [
    ['has one page', { first: { Things: ['a', 'b'] } }, ['a', 'b']],
    ['is empty', { first: { Things: [] } }, []],
    ['has two pages', { first: { Things: ['a'], Next: '1' }, 1: { Things: ['b'] } }, ['a', 'b']],
    ['begins with an empty page', { first: { Things: [], Next: '1' }, 1: { Things: ['a'] } }, ['a']],
    ['ends with an empty page', { first: { Things: ['a'], Next: '1' }, 1: { Things: [] } }, ['a']],
    ['ends with an empty token', { first: { Things: ['a'], Next: '' } }, ['a']],
  ] as const) {
    it(`is read to its end when it ${title}`, async () => {
      expect(await readList(listOf(pages).list)).to.deep.equal(expected);
    });
  }

  for (const [title, pages, lacks] of [
    [
      'a page leads to itself',
      { first: { Things: ['a'], Next: '1' }, 1: { Things: ['b'], Next: '1' } },
      'the token of a next page',
    ],
    [
      'two pages lead to each other',
      { first: { Things: [], Next: '1' }, 1: { Things: [], Next: '2' }, 2: { Things: [], Next: '1' } },
      'the token of a next page',
    ],
    ['the list is missing', { first: {} }, 'its list'],
    ['the list is missing on its second page', { first: { Things: ['a'], Next: '1' }, 1: {} }, 'its list'],
    ['the list is missing beside a token', { first: { Next: '1' }, 1: { Things: [] } }, 'its list'],
  ] as const) {
    it(`is refused when ${title}`, async () => {
      expect(await failureOf(readList(listOf(pages).list))).to.include({
        kind: 'unknown',
        during: 'iam:ListThings',
        message: `the answer lacks ${lacks}`,
      });
    });
  }

  describe('of a service that may leave the list out of an empty page', () => {
    const options = { emptyPagesMayLackList: true };

    it('is read when one page has it', async () => {
      const { list } = listOf({ first: { Next: '1' }, 1: { Things: ['a'], Next: '2' }, 2: {} }, options);
      expect(await readList(list)).to.deep.equal(['a']);
    });

    it('is refused when no page has it', async () => {
      const { list } = listOf({ first: { Next: '1' }, 1: {} }, options);
      expect((await failureOf(readList(list))).message).to.equal('the answer lacks its list');
    });
  });

  it('is asked for no more pages than are wanted', async () => {
    const { list, asked } = listOf({ first: { Things: ['a'], Next: '1' }, 1: { Things: ['b'] } });
    for await (const page of pagesOf(list)) if (page.includes('a')) break;
    expect(asked).to.deep.equal([undefined]);
  });

  it('gives the advice of its own about errors', async () => {
    const error = Object.assign(new Error('no'), { name: 'AccessDenied' });
    const { list } = listOf({}, { fetch: () => Promise.reject(error), special: { denied: 'Ask for it.' } });
    expect(await failureOf(readList(list))).to.include({ kind: 'denied', nextStep: 'Ask for it.' });
  });
});
