/* What S3 says in XML, as far as it matters here: flat elements with text. */

/** The text of the first element of this name. */
export function tagIn(xml: string, tag: string): string | undefined {
  const text = new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1];
  return text === undefined ? undefined : unescape(text);
}

/** A page of a list, and where the next one begins; `names` is absent in what is no list of S3. */
export interface ListedPage {
  readonly names?: readonly string[];
  readonly token?: string;
}

/** A proxy answers 200 with a page of its own, too: whatever isn't said as S3 says it is no list. */
export function listedIn(xml: string): ListedPage {
  const [, inside] =
    /^\s*(?:<\?xml[^>]*\?>\s*)?<ListBucketResult[^>]*>([\s\S]*)<\/ListBucketResult>\s*$/.exec(xml) ?? [];
  const truncated = inside === undefined ? undefined : tagIn(inside, 'IsTruncated');
  if (inside === undefined || (truncated !== 'true' && truncated !== 'false')) return {};
  const names = [...inside.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, object = '']) =>
    tagIn(object, 'Key'),
  );
  if (!names.every((name) => name !== undefined)) return {};
  if (truncated === 'false') return { names };
  const token = tagIn(inside, 'NextContinuationToken');
  // A list that goes on nowhere is only a part of one.
  return token === undefined || token === '' ? {} : { names, token };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescape = (text: string): string =>
  text.replaceAll(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|\w+);/g, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const code = entity.startsWith('#x') ? parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
