import { failureOf } from '../../domain/errors.ts';
import { unanswered, type Area, type Check } from '../../domain/health/check.ts';

/** Calls; `judge` makes checks of the answer, and a failure is a check of its own. */
export async function ask<Answer>(
  area: Area,
  name: string,
  call: () => Promise<Answer>,
  judge: (answer: Answer) => readonly Check[] | Promise<readonly Check[]>,
  missing?: Parameters<typeof unanswered>[3],
): Promise<readonly Check[]> {
  let answer;
  try {
    answer = await call();
  } catch (error) {
    return [unanswered(area, name, failureOf(error, name), missing)];
  }
  return await judge(answer);
}
