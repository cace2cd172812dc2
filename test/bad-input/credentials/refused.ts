import { expect } from 'chai';
import type { Host } from '../../support/workload-host.ts';

/** Nothing on stdout, nothing written; what is said names what is wrong. */
export async function refused(
  host: Host,
  code: number,
  says: readonly string[],
  args?: readonly string[],
  environment?: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const before = host.files();
  const ended = await host.ask(args, environment);
  expect([ended.code, ended.stdout], ended.stderr).to.deep.equal([code, '']);
  for (const part of says) expect(ended.stderr).to.include(part);
  expect(ended.stderr.length, 'a message that can be read').to.be.below(2_000);
  expect(host.files()).to.deep.equal(before);
}
