import { spawnSync } from 'node:child_process';

/** Without a region: all of a command is loaded, and no call is made. */
const NO_REGION = { PATH: process.env['PATH'], HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true' };

/**
 * How long programs take from start to end, in milliseconds, in the order of their runs. They run in
 * turn, so that whatever else the machine does falls on all of them.
 * @param programs the arguments of Node for each
 * @param more variables of the environment
 */
export function startTimes<Name extends string>(
  programs: ReadonlyMap<Name, readonly string[]>,
  runs: number,
  more: Readonly<Record<string, string>> = {},
): ReadonlyMap<Name, readonly number[]> {
  const times = new Map([...programs.keys()].map((name) => [name, [] as number[]]));
  for (let run = 0; run < runs; run++) {
    for (const [name, args] of programs) {
      const before = performance.now();
      spawnSync(process.execPath, args, { stdio: 'ignore', env: { ...NO_REGION, ...more } });
      times.get(name)?.push(performance.now() - before);
    }
  }
  return times;
}
