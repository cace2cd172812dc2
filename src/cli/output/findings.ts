import pc from 'picocolors';
import type { Failure } from '../../domain/errors.ts';
import type { Gap } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { clean } from '../../report/common/sanitize.ts';
import { paragraph, stepLines } from './paragraphs.ts';

/* What is said of an account or a user as a whole, in lines below each other. */

const COLOURS = { critical: pc.red, failure: pc.red, note: pc.dim };

/**
 * @param width of the terminal; `Infinity` for a pipe
 * @param whose stands before it: the account, in whole words
 */
export const formatFinding = ({ severity, message, nextStep }: Finding, width: number, whose = ''): string =>
  block(`${COLOURS[severity](severity)} ${whose}${clean(message)}`, nextStep, width);

/** A user about whom nothing could be decided. */
export const formatGap = ({ userName, failure }: Gap, width: number, whose = ''): string =>
  block(`${pc.red('skipped')} ${whose}${clean(userName)}: ${causeOf(failure)}`, failure.nextStep, width);

export const causeOf = ({ during, message }: Failure): string => `${clean(during)}: ${clean(message)}`;

/** A sentence, and below it what to do about it. */
export const block = (text: string, nextStep: string | undefined, width: number): string =>
  [
    ...paragraph(text, width, '  '),
    ...(nextStep === undefined || nextStep === '' ? [] : stepLines(nextStep, 'Next step: ', width, '  ')),
  ].join('\n');
