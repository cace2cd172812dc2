import pc from 'picocolors';
import type { RowChange, ValueChange } from '../../config/settings-change.ts';
import type { StoredRow } from '../../config/settings-rows.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { describeTarget, type Target } from '../../domain/settings/setting.ts';
import { clean } from '../../report/common/sanitize.ts';
import { paragraph } from './paragraphs.ts';

/* Settings and changes of them, as people and programs read them. */

/** `the organization`, `account 111122223333`, `the row foo`. */
export const whoseRow = ({ key, target }: { readonly key: string; readonly target?: Target }): string =>
  target === undefined ? `the row ${clean(key)}` : describeTarget(target);

/** A value as people write it, on one line. */
export function formatValue(value: unknown): string {
  if (value === undefined) return 'not set';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(formatValue).join(', ');
  if (typeof value === 'string') return clean(value);
  const text = (part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part));
  if (typeof value !== 'object' || value === null || !('until' in value)) return clean(JSON.stringify(value));
  const { users, owner, reason, until } = value as Readonly<Record<string, unknown>>;
  const who = users === undefined ? '' : `${formatValue(users)} `;
  return clean(`${who}until ${text(until)} (${text(owner)}: ${text(reason)})`);
}

/** `rotateAfter: 60 -> 45`; of lists, which may be long, only what is new in them and what is gone. */
export const describeChange = ({ name, from, to }: ValueChange): string =>
  `${clean(name)}: ${
    Array.isArray(from) && Array.isArray(to)
      ? describeListChange(from, to)
      : `${formatValue(from)} -> ${formatValue(to)}`
  }`;

function describeListChange(from: readonly unknown[], to: readonly unknown[]): string {
  const added = lacking(to, from);
  const removed = lacking(from, to);
  const parts = [
    ...(added.length === 0 ? [] : [`added ${formatValue(added)}`]),
    ...(removed.length === 0 ? [] : [`removed ${formatValue(removed)}`]),
  ];
  return parts.length === 0 ? 'in another order' : parts.join('; ');
}

/** What is in a list and not in another one. */
function lacking(list: readonly unknown[], other: readonly unknown[]): readonly unknown[] {
  const there = new Set(other.map((one) => JSON.stringify(one)));
  return list.filter((one) => !there.has(JSON.stringify(one)));
}

export function formatChange(change: RowChange): string {
  const { kind, settings } = change;
  const colour = { added: pc.green, changed: pc.yellow, removed: pc.red }[kind];
  const lines = settings.map((one) => `  ${describeChange(one)}\n`);
  return `${pc.bold(whoseRow(change))} ${colour(kind)}\n${lines.join('')}`;
}

export const toJsonChange = ({ key, target, kind, settings }: RowChange) => ({
  row: key,
  ...definedOnly({ target }),
  change: kind,
  settings,
});

/** @param columns of the terminal; absent: for a pipe, and nothing is broken into lines */
export function formatRow(stored: StoredRow, columns?: number): string {
  const { written, problems, changed } = stored;
  const { values, final } = written;
  const finalNames: readonly unknown[] = Array.isArray(final) ? final : [];
  const names = [...new Set([...Object.keys(values), ...finalNames.map(String)])];
  const lines = names.map((name) => {
    const value = name in values ? formatValue(values[name]) : 'not set here';
    return `${clean(name)}: ${value}${finalNames.includes(name) ? pc.dim(' (final)') : ''}`;
  });
  const wrong = problems.map((problem) => `${pc.red('wrong')} ${clean(problem)}`);
  const since = changed === undefined ? '' : pc.dim(`  set ${clean(changed.at)} by ${clean(changed.by)}`);
  const width = columns ?? Infinity;
  return [
    ...paragraph(`${pc.bold(whoseRow(stored))}${since}`, width),
    ...[...lines, ...wrong].flatMap((line) => paragraph(line, width, '  ')),
    '',
  ].join('\n');
}

export const toJsonRow = ({ key, target, written, problems, changed }: StoredRow) => ({
  row: key,
  ...definedOnly({ target }),
  values: written.values,
  final: written.final ?? [],
  ...(changed === undefined ? {} : { updatedAt: changed.at, updatedBy: changed.by }),
  ...(problems.length === 0 ? {} : { problems }),
});
