import type { FailureKind } from '../../domain/errors.ts';
import { ask, badAnswer } from './errors.ts';

/** How one list of AWS is read. */
export interface List<Answer, Thing, Token = string> {
  /** The call, as IAM policies write it: `iam:ListUsers`. */
  readonly action: string;
  /** @param token absent for the first page */
  readonly fetch: (token: Token | undefined) => Promise<Answer>;
  readonly things: (answer: Answer) => readonly Thing[] | undefined;
  /** Where the next page begins; undefined, or an empty text, on the last page. */
  readonly next: (answer: Answer) => Token | undefined;
  /** What to do about an error instead of the general advice, by kind. */
  readonly special?: Partial<Record<FailureKind, string>>;
  /** For services that may leave the list out of a page with nothing on it. One page must have it. */
  readonly emptyPagesMayLackList?: boolean;
}

/**
 * The pages of a list, one after the other. A page may be short or empty and still not be the last.
 *
 * Every list is read with this and none with the paginators of the SDK: those loop for ever when a page
 * leads back to one that was read, and take an answer without its list, as proxies give it, for an
 * empty list.
 * @throws OperationError when a call fails, a page leads back to an earlier one, or the list is missing
 */
export async function* pagesOf<Answer, Thing, Token = string>(
  list: List<Answer, Thing, Token>,
): AsyncGenerator<readonly Thing[], void, undefined> {
  const { action, fetch, things, next, special } = list;
  const seen = new Set<string>();
  let hadList = false;
  let token: Token | undefined;
  for (;;) {
    const answer = await ask(action, () => fetch(token), special);
    const page = things(answer);
    if (page !== undefined && !isList(page)) throw badAnswer(action, 'its list');
    if (page === undefined && list.emptyPagesMayLackList !== true) throw badAnswer(action, 'its list');
    hadList ||= page !== undefined;
    token = next(answer);
    const isLast = token === undefined || token === '';
    if (isLast && !hadList) throw badAnswer(action, 'its list');
    if (!isLast) {
      const id = JSON.stringify(token);
      if (seen.has(id)) throw badAnswer(action, 'the token of a next page');
      seen.add(id);
    }
    yield page ?? [];
    if (isLast) return;
  }
}

/** What it really is only the one who answers knows: a list, and of something. */
const isList = (page: unknown): boolean =>
  Array.isArray(page) && page.every((one: unknown) => one !== null && one !== undefined);

/** All that a list holds. What comes twice is there twice: see `distinct`. */
export async function readList<Answer, Thing, Token = string>(
  list: List<Answer, Thing, Token>,
): Promise<readonly Thing[]> {
  const all: Thing[] = [];
  for await (const page of pagesOf(list)) all.push(...page);
  return all;
}
