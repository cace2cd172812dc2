import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import { InputError } from '../domain/errors.ts';

/*
 * YAML (and JSON, which is a part of it) as plain data, without YAML's silent surprises: the
 * second of two equal keys winning, numbers losing their zeros, one part repeated in many places.
 */

/**
 * @throws InputError with all problems at once, each naming its place
 */
export function readTree(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: true, lineCounter: lines });
  // What YAML only warns of, such as a tag nobody knows, it reads as something else than is written there.
  const problems = [...document.errors, ...document.warnings].map(
    ({ message }) => `the file: ${message.split(/:?\n\n/)[0] ?? ''}`,
  );
  const { version } = document.directives.yaml;
  if (version !== '1.2') {
    problems.push(
      `the file: is read as YAML 1.2, not ${version}, in which 010 is 8 and no is false; leave the line %YAML out`,
    );
  }
  const lineOf = (node: Node) => lines.linePos(node.range?.[0] ?? 0).line;

  const plain = (node: unknown, path: readonly string[]): unknown => {
    if (node === null || node === undefined) return null;
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item, index) => plain(item, [...path, String(index)]));
    if (isMap(node)) {
      const entries = new Map<string, unknown>();
      for (const { key, value } of node.items) {
        const name = nameOf(key, path);
        if (name === undefined) continue;
        if (entries.has(name)) {
          problems.push(`${at([...path, name])}: is there twice (again in line ${lineOf(key as Node)})`);
        }
        entries.set(name, plain(value, [...path, name]));
      }
      return Object.fromEntries(entries);
    }
    problems.push(`${at(path)}: must be written out; anchors and aliases (&, *) are not supported here`);
    return null;
  };

  /** A key stays as it was written, or else says that it needs quotes. */
  const nameOf = (key: unknown, path: readonly string[]): string | undefined => {
    if (isScalar(key)) {
      if (typeof key.value === 'string') return key.value;
      const source = key.source ?? '';
      if (source !== '' && String(key.value) === source) return source;
      problems.push(
        `${at([...path, source])}: YAML reads this as ${String(key.value)} (line ${lineOf(key)}); put it into quotes: '${source}'`,
      );
    } else problems.push(`${at(path)}: keys must be names, not lists or maps`);
    return undefined;
  };

  // An empty file is more likely a lost one than a wish to remove all settings.
  if (problems.length === 0 && document.contents === null) problems.push('the file: is empty');
  const tree = problems.length > 0 ? null : plain(document.contents, []);
  if (problems.length > 0) throw new InputError(problems);
  return tree;
}

const at = (path: readonly string[]): string => (path.length === 0 ? 'the file' : path.join('.'));
