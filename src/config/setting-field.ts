import type * as z from 'zod';
import {
  countFrom,
  dayCount,
  dayCountOrOff,
  keyLimit as keyLimitText,
  oneOf,
  wholeNumberFrom,
} from './fields.ts';
import {
  DAYS_ABOVE_0,
  DAYS_FROM_0,
  DAYS_OR_OFF,
  daysAbove0,
  daysFrom0,
  daysOrOff,
  KEY_LIMIT,
  keyLimit,
  selectors,
  SELECTORS,
  wholeNumber,
} from './setting-values.ts';

/* What one setting is made of: how it is written, read and explained. */

/** One setting: everything that reads, checks or explains it goes by this. Its levels are in `LEVELS_OF`. */
export interface Field<Value = unknown> {
  /** As people write it in a row, a file or on the command line. Its description is the meaning. */
  readonly schema: z.ZodType<Value>;
  /** What is right, for people. */
  readonly values: string;
  /** Absent where the deployment's environment can't set it. */
  readonly environment?: EnvironmentField<Value>;
}

/** How a setting is read from the environment, where everything is text. */
export interface EnvironmentField<Value = unknown> {
  readonly name: string;
  readonly schema: z.ZodType<Value>;
}

/** A kind of values: as people write it, what is right of it, and how it is read from text. */
interface Kind<Value> {
  readonly schema: z.ZodType<Value>;
  readonly values: string;
  readonly text?: z.ZodType<Value>;
}

export const field = <Value>({ schema, values }: Kind<Value>, meaning: string): Field<Value> => ({
  schema: schema.describe(meaning),
  values,
});

/** @param name the variable's */
export const deployed = <Value>(kind: Kind<Value>, meaning: string, name: string) => ({
  ...field(kind, meaning),
  environment: { name, schema: kind.text ?? kind.schema },
});

export const oneOfThese = <const Values extends readonly [string, ...string[]]>(
  values: Values,
): Kind<Values[number]> => ({
  schema: oneOf(values),
  values: values.map((value) => `\`${value}\``).join(', '),
});

/** Bounds aren't checked here for the environment: `policyProblems` checks them together. */
export const daysOver0 = { schema: daysAbove0, values: DAYS_ABOVE_0, text: dayCount };
export const days = { schema: daysFrom0, values: DAYS_FROM_0, text: dayCount };
export const daysOrNever = { schema: daysOrOff, values: DAYS_OR_OFF, text: dayCountOrOff };
export const limit = { schema: keyLimit, values: KEY_LIMIT, text: keyLimitText };
export const count = (least: number) => ({
  schema: wholeNumber(least),
  values: wholeNumberFrom(least),
  text: countFrom(least),
});
export const users = { schema: selectors, values: SELECTORS };
