import { parseArgs } from 'node:util';
import type { Instant } from '../domain/time.ts';
import { printKey, recallKey, type CredentialsOptions } from './commands/credentials/recall-key.ts';
import type { ExitCode, Terminal } from './input/terminal.ts';

/** What asks AWS. Loaded when that is needed. */
type Load = () => Promise<{
  readonly printCredentials: (options: CredentialsOptions, terminal: Terminal) => Promise<ExitCode>;
}>;

/**
 * Programs call `credentials` again and again, and wait for it: so what is remembered is printed from here,
 * without loading what asks AWS, and what explains commands to people.
 * @param args what follows `credentials`
 * @returns undefined for what needs explaining: `--help`, a slip
 */
export async function runCredentialsLine(
  args: readonly string[],
  terminal: Terminal,
  { load, now }: { readonly load: Load; readonly now: Instant },
): Promise<ExitCode | undefined> {
  const options = read(args);
  if (options === undefined) return undefined;
  const { isCurrent, answer } = recallKey(options, terminal, now);
  if (!isCurrent || answer.remembered === undefined) {
    return (await load()).printCredentials(options, terminal);
  }
  printKey(answer.remembered.key, terminal, now);
  return 0;
}

function read(args: readonly string[]): CredentialsOptions | undefined {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ user: text, from: text, region: text, secret: text, account: text },
        refresh: { type: 'boolean' },
      },
    });
    const { user, from, ...rest } = values;
    return user === undefined || from === undefined ? undefined : { user, from, ...rest };
  } catch {
    return undefined;
  }
}
