import { createRequire } from 'node:module';

type Measure = (line: string) => number;

/** How many columns ora takes a line for: string-width 8, which is nobody's here but ora's. */
const found: unknown = createRequire(import.meta.resolve('ora'))('string-width');
const { default: measure } = found as { readonly default: Measure };

/** The same, but for scripts whose letters grow together, where it counts the first of them only. */
export const columnsAsOra: Measure = (line) =>
  line.split(/(?<=\p{Script=Devanagari})/u).reduce((sum, part) => sum + measure(part), 0);
