/** As much of Terraform's language as examples/terraform uses: what its policies would be. */
import type { Statement } from './roles.ts';

interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
}

/** What every `${...}` and `var.x` stands for. */
export type Known = Readonly<Record<string, string>>;

/** Texts lose nothing; comments do. `{`, `}` and `=` in texts are no structure. */
export function blocksOf(text: string): readonly Block[] {
  const tokens = text.match(/#[^\n]*|"(?:\\.|[^"\\])*"|[{}[\](),=]|\n|[^\s"{}[\](),=#]+/g) ?? [];
  let at = 0;
  const inside = (): Omit<Block, 'type' | 'labels'> => {
    const attributes: Record<string, string> = {};
    const blocks: Block[] = [];
    for (; at < tokens.length && tokens[at] !== '}'; at += 1) {
      const name = tokens[at] ?? '';
      if (name === '\n' || name.startsWith('#')) continue;
      if (tokens[at + 1] === '=') {
        at += 2;
        attributes[name] = expression();
        continue;
      }
      const labels: string[] = [];
      for (at += 1; tokens[at] !== '{'; at += 1) labels.push((tokens[at] ?? '').replaceAll('"', ''));
      at += 1;
      blocks.push({ type: name, labels, ...inside() });
    }
    return { attributes, blocks };
  };
  /** To the end of its line; brackets hold lines together. */
  const expression = (): string => {
    let depth = 0;
    let found = '';
    for (; at < tokens.length; at += 1) {
      const token = tokens[at] ?? '';
      if ((token === '\n' || token === '}') && depth === 0) break;
      if ('[({'.includes(token)) depth += 1;
      if ('])}'.includes(token)) depth -= 1;
      if (token !== '\n' && !token.startsWith('#')) found += `${token} `;
    }
    if (tokens[at] === '}') at -= 1;
    return found.trim();
  };
  return inside().blocks;
}

export const blockOf = (blocks: readonly Block[], type: string, ...labels: readonly string[]): Block => {
  const found = blocks.find((one) => one.type === type && one.labels.join() === labels.join());
  if (found === undefined) throw new Error(`no ${type} ${labels.join(' ')}`);
  return found;
};

/** Texts of an expression: of a list, of a variable; `compact` leaves empty ones out, `split` makes more. */
export const textsOf = (expression: string, known: Known): readonly string[] => {
  const texts = (expression.match(/"(?:\\.|[^"\\])*"|(?:var|data)\.[\w.]+/g) ?? []).map((part) =>
    part.startsWith('"')
      ? part.slice(1, -1).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => lookUp(name, known))
      : lookUp(part, known),
  );
  // Of two sets of one text each: those in both.
  if (expression.startsWith('setintersection'))
    return texts.filter((text, index) => texts.indexOf(text) < index);
  if (expression.startsWith('compact')) return texts.filter((text) => text !== '');
  if (!expression.startsWith('split')) return texts;
  const [separator = '', text = ''] = texts;
  return text.split(separator);
};

const lookUp = (name: string, known: Known): string => {
  const value = known[name];
  if (value === undefined) throw new Error(`nobody says what ${name} is`);
  return value;
};

/** The statements of an aws_iam_policy_document, as IAM would see them. */
export const statementsIn = ({ blocks }: Block, known: Known): readonly Statement[] =>
  written(blocks, 'statement', known).map(({ attributes, blocks: parts }) => {
    const { sid, effect = '"Allow"', actions = '', resources } = attributes;
    const [principals] = parts.filter(({ type }) => type === 'principals');
    return {
      ...(sid === undefined ? {} : { Sid: textsOf(sid, known)[0] ?? '' }),
      Effect: textsOf(effect, known)[0] ?? '',
      ...(principals === undefined
        ? {}
        : {
            Principal: {
              [textsOf(principals.attributes['type'] ?? '', known)[0] ?? '']: textsOf(
                principals.attributes['identifiers'] ?? '',
                known,
              ),
            },
          }),
      Action: textsOf(actions, known),
      ...(resources === undefined ? {} : { Resource: textsOf(resources, known) }),
      ...conditionsIn(written(parts, 'condition', known), known),
    };
  });

function conditionsIn(blocks: readonly Block[], known: Known) {
  const found: Record<string, Record<string, readonly string[]>> = {};
  for (const { attributes } of blocks) {
    const [test = ''] = textsOf(attributes['test'] ?? '', known);
    const [variable = ''] = textsOf(attributes['variable'] ?? '', known);
    found[test] = { ...found[test], [variable]: textsOf(attributes['values'] ?? '', known) };
  }
  return blocks.length === 0 ? {} : { Condition: found };
}

/** Blocks of a type, and dynamic ones if there is anything to repeat them for. */
const written = (blocks: readonly Block[], type: string, known: Known): readonly Block[] =>
  blocks.flatMap((block) => {
    if (block.type === type) return [block];
    if (block.type !== 'dynamic' || block.labels[0] !== type) return [];
    const times = textsOf(block.attributes['for_each'] ?? '', known).length;
    return times === 0 ? [] : [blockOf(block.blocks, 'content')];
  });
