import { formatStatus } from '../../../src/cli/output/status.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import type { Facts } from '../../report/support.ts';
import { rotatedAccount, T0 } from '../../support/builders.ts';

const COLOURS = /\u001b\[\d+m/g;
export const text = (facts: Facts, columns = 130) =>
  formatStatus(rotatedAccount(facts), T0, columns).replaceAll(COLOURS, '');
/** The cells of each line of the table, borders and heading left out. */
export const rows = (facts: Facts) =>
  text(facts)
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .slice(1)
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
/** One column of one key, in one line. */
export const cell = (outcome: Outcome, column: number) =>
  rows({ outcomes: [outcome] })
    .map((cells) => cells[column])
    .join(' ')
    .trim();
