import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCS = new URL('../docs/', import.meta.url);
const PRETTIER = fileURLToPath(new URL('../node_modules/prettier/bin/prettier.cjs', import.meta.url));

/**
 * Puts what a benchmark measured into its part of a page. The other parts stay as they are.
 * @param name of the part: a new one comes last
 * @param markdown with its heading
 * @param file in docs
 */
export function writePart(name: string, markdown: string, file = 'performance.md'): void {
  const page = fileURLToPath(new URL(file, DOCS));
  writeFileSync(page, withPart(readFileSync(page, 'utf8'), name, markdown));
  execFileSync(process.execPath, [PRETTIER, '--log-level', 'warn', '--write', page]);
}

/** The page with this part instead of the one it had. */
export function withPart(page: string, name: string, markdown: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const part = `${begin}\n\n${markdown.trim()}\n\n${end}`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) return `${page.trimEnd()}\n\n${part}\n`;
  return page.slice(0, from) + part + page.slice(to + end.length);
}

/** A table in Markdown, its first column text, the others figures. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(format).join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

const format = (cell: string | number): string =>
  typeof cell === 'number' ? cell.toLocaleString('en-US') : cell;
