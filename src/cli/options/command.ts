import type { Command } from 'commander';
import type { ExitCode, Terminal } from '../input/terminal.ts';

/*
 * What can be typed: names, options and help of the commands. What a command does, and with it the
 * clients of AWS, is loaded when it runs; so `--help` and slips are answered at once.
 */

export type Register = (terminal: Terminal, finish: (code: ExitCode) => void) => Command;
