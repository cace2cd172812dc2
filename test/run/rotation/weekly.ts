import type { Finding, RotatedAccount } from '../../../src/domain/report/run-report.ts';
import { DAY } from '../../../src/domain/time.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';

/** One account that is rotated every week, from day 0 on. */
export function weekly() {
  const organization = memoryOrganization();
  const member = organization.add();
  /** `day: KEY action reason` of every decision of every run. */
  const said: string[] = [];
  /** `day: KEY state`, whenever the state of a key is another one at the end of a day. */
  const changes: string[] = [];
  const findings: Finding[] = [];
  let before = new Map<string, string>();
  let day = 0;
  const look = () => {
    const now = new Map(
      member.iam
        .userNames()
        .flatMap((name) => member.iam.keysOf(name))
        .map(({ id, status }): [string, string] => [id, status]),
    );
    for (const id of new Set([...before.keys(), ...now.keys()])) {
      const state = now.get(id) ?? 'gone';
      if (before.size > 0 && before.get(id) !== state) changes.push(`${day}: ${id} ${state}`);
    }
    before = now;
  };
  const run = async (options: RunOptions): Promise<RotatedAccount> => {
    const report = await rotateAccount(member.account, organization.run(options));
    if (report.status !== 'rotated') throw new Error(JSON.stringify(report));
    for (const { decision, status } of report.outcomes) {
      const carriedOut = status === 'none' || status === 'applied' ? '' : ` (${status})`;
      said.push(`${day}: ${decision.key.id} ${decision.action} ${decision.reason}${carriedOut}`);
    }
    findings.push(...report.findings);
    return report;
  };
  return {
    ...organization,
    ...member,
    said,
    changes,
    findings,
    /** What was said of a key, by day. */
    saidOf: (id: string) =>
      said.filter((line) => line.includes(`: ${id} `)).map((line) => line.replace(`${id} `, '')),
    /**
     * @param until the first day that is not lived
     * @param each what happens on a day, before the run if there is one
     */
    live: async (
      until: number,
      each: (day: number) => unknown = () => undefined,
      options: (day: number) => RunOptions = () => ({}),
    ): Promise<void> => {
      if (before.size === 0) look();
      for (; day < until; day++) {
        await each(day);
        look();
        if (day % 7 === 0) await run(options(day));
        look();
        organization.clock.pass(DAY);
      }
    },
  };
}
export type Weekly = ReturnType<typeof weekly>;
