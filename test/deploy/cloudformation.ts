/** As much of CloudFormation as our templates use, worked out: what would really be created. */
import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';

export type Value = string | number | boolean | null | readonly Value[] | Fields;
export interface Fields {
  readonly [name: string]: Value;
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Conditions?: Fields;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Value; readonly Condition?: string }>>;
}

interface Parameter {
  readonly Type: string;
  readonly Default?: Value;
  readonly AllowedValues?: readonly Value[];
  readonly AllowedPattern?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly ConstraintDescription?: string;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Fields;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Stack {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Fields;
}

/** Not the partition that is easily taken for granted. */
export const PSEUDO_PARAMETERS = {
  'AWS::Partition': 'aws-cn',
  'AWS::Region': 'cn-north-1',
  'AWS::URLSuffix': 'amazonaws.com.cn',
  'AWS::AccountId': '999988887777',
};

/**
 * @param given parameters; what `!Ref` and `!GetAtt` say of resources can be given, too, and is
 * otherwise the text of the question: `Topic`, `Ledger.Arn`
 * @throws Error when a parameter isn't what the template allows; CloudFormation creates nothing then
 */
export function create(template: Template, given: Readonly<Record<string, string>> = {}): Stack {
  const defaults = Object.entries(template.Parameters ?? {}).flatMap(([name, { Default }]) =>
    Default === undefined ? [] : [[name, Default] as const],
  );
  const known: Fields = { ...Object.fromEntries(defaults), ...PSEUDO_PARAMETERS, ...given };
  const refusals = Object.entries(template.Parameters ?? {}).flatMap(([name, parameter]) =>
    refusalsOf(name, parameter, known[name]),
  );
  if (refusals.length > 0) throw new Error(refusals.join('; '));
  const names = new Set([...Object.keys(known), ...Object.keys(template.Resources)]);

  const refer = (question: string): Value => {
    const [name = ''] = question.split('.');
    if (!names.has(name)) throw new Error(`the template knows no ${name}`);
    const value = known[question] ?? question;
    const isListed = template.Parameters?.[question]?.Type === 'CommaDelimitedList';
    return isListed ? textOf(value).split(',') : value;
  };
  const holds = (condition: string): boolean => {
    const definition = template.Conditions?.[condition];
    if (definition === undefined) throw new Error(`the template knows no condition ${condition}`);
    return evaluate(definition) === true;
  };
  const functions: Readonly<Record<string, (argument: Value) => Value | undefined>> = {
    Ref: (name) => (name === 'AWS::NoValue' ? undefined : refer(textOf(name))),
    'Fn::GetAtt': (path) => refer(list(path).map(textOf).join('.')),
    'Fn::Sub': (text) =>
      textOf(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, left: string, name: string) =>
        left === '!' ? `\${${name}}` : textOf(refer(name)),
      ),
    'Fn::Join': (argument) => {
      const [separator = '', parts = []] = list(argument);
      return list(evaluate(parts)).map(textOf).join(textOf(separator));
    },
    'Fn::Split': (argument) => {
      const [separator = '', text = ''] = list(evaluate(argument));
      return textOf(text).split(textOf(separator));
    },
    'Fn::Select': (argument) => {
      const [index = 0, choice = []] = list(evaluate(argument));
      return list(choice)[Number(index)];
    },
    'Fn::If': (argument) => {
      const [condition = '', then = null, otherwise = null] = list(argument);
      return evaluate(holds(textOf(condition)) ? then : otherwise);
    },
    'Fn::Equals': (argument) => {
      const [one = '', other = ''] = list(evaluate(argument));
      return textOf(one) === textOf(other);
    },
    'Fn::Not': (argument) => list(evaluate(argument))[0] !== true,
    'Fn::Or': (argument) => list(evaluate(argument)).includes(true),
    Condition: (name) => holds(textOf(name)),
  };

  /** Undefined: as if it weren't there. */
  function evaluate(value: Value): Value | undefined {
    if (isList(value)) return value.map(evaluate).filter((one) => one !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [[name, argument] = ['', null] as const] = entries;
    const isCall = entries.length === 1 && (name !== 'Condition' || typeof argument === 'string');
    const apply = isCall ? functions[name] : undefined;
    if (apply !== undefined) return apply(argument);
    if (name.startsWith('Fn::')) throw new Error(`${name} is not implemented here`);
    return Object.fromEntries(
      entries.flatMap(([key, one]) => {
        const result = evaluate(one);
        return result === undefined ? [] : [[key, result] as const];
      }),
    );
  }

  const isThere = ({ Condition }: { readonly Condition?: string }): boolean =>
    Condition === undefined || holds(Condition);
  const created = Object.entries(template.Resources).flatMap(([name, resource]) =>
    isThere(resource)
      ? [[name, { ...resource, Properties: evaluate(resource.Properties) as Fields }] as const]
      : [],
  );
  const outputs = Object.entries(template.Outputs ?? {})
    .filter(([, output]) => isThere(output))
    .map(([name, output]) => [name, evaluate(output.Value) ?? null] as const);
  return { resources: Object.fromEntries(created), outputs: Object.fromEntries(outputs) };
}

function refusalsOf(name: string, parameter: Parameter, value: Value | undefined): readonly string[] {
  if (value === undefined) return [`${name} has no value`];
  const { Type, AllowedValues, AllowedPattern, MinValue, MaxValue, ConstraintDescription } = parameter;
  const texts = Type === 'CommaDelimitedList' ? textOf(value).split(',') : [textOf(value)];
  const pattern = AllowedPattern === undefined ? undefined : new RegExp(`^(?:${AllowedPattern})$`);
  return texts.flatMap((text) => {
    const right =
      (AllowedValues?.map(textOf).includes(text) ?? true) &&
      (pattern?.test(text) ?? true) &&
      (Type !== 'Number' ||
        (Number(text) >= (MinValue ?? -Infinity) && Number(text) <= (MaxValue ?? Infinity)));
    return right ? [] : [`${name}: ${ConstraintDescription ?? 'is not one of what is allowed'}`];
  });
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** Where CloudFormation takes nothing else; it makes no difference between 1 and '1'. */
export function textOf(value: Value | undefined): string {
  if (value === undefined || typeof value === 'object')
    throw new Error(`${JSON.stringify(value)} stands where a text should`);
  return String(value);
}

/** Policies and functions take one thing for a list of it. */
export const list = (value: Value | undefined): readonly Value[] =>
  value === undefined ? [] : isList(value) ? value : [value];

export const readTemplate = (file: URL): Template => parseTemplate(readFileSync(file, 'utf8'), file.href);

/** @param name for the error that says what is no YAML */
export const parseTemplate = (text: string, name = 'the template'): Template => {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new Error(`${name}: ${document.errors.join(', ')}`);
  return plain(document.contents) as unknown as Template;
};

/** YAML with the short forms of functions, `!Sub x`, in their long form. */
function plain(node: Node | null): Value {
  const value = withoutTag(node);
  const tag = node?.tag ?? '';
  if (!tag.startsWith('!')) return value;
  if (tag === '!Ref' || tag === '!Condition') return { [tag.slice(1)]: value };
  const argument = tag === '!GetAtt' ? textOf(value).split('.') : value;
  return { [`Fn::${tag.slice(1)}`]: argument };
}

function withoutTag(node: Node | null): Value {
  if (isSeq<Node>(node)) return node.items.map(plain);
  if (isMap<Node, Node>(node)) {
    return Object.fromEntries(node.items.map((pair) => [textOf(plain(pair.key)), plain(pair.value)]));
  }
  return isScalar(node) ? (node.value as Value) : null;
}
