import { InputError } from '../../src/domain/errors.ts';

/** What is wrong with some input, as reading it says. Any other error escapes. */
export function problemsOfReading(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}
