import { compose } from '../../src/compose/run.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import type { Emulator, Published } from '../support/emulator/emulator.ts';
import { createWorld, type World } from '../support/world.ts';
import { unlessRefused, type Begin, type Letter } from './world.ts';

const SETTINGS = {
  // Side by side, but the faults of one user may not depend on the order of the others.
  ROTATION_ACCOUNT_CONCURRENCY: '8',
  ROTATION_USER_CONCURRENCY: '1',
  // In the first weeks of so old an organization everything falls due at once.
  ROTATION_MAX_DEACTIVATIONS: '1000',
  ROTATION_MAX_DELETIONS: '1000',
};

/** Years of the service as it is deployed, on an emulator of AWS. */
export const onEmulator =
  (emulator: Emulator): Begin =>
  async (accounts) => {
    const world = await createWorld(emulator, { accounts });
    return {
      now: world.clock.now,
      run: async ({ seed, share }) => {
        await emulator.drawFaults(seed, share);
        const at = world.clock.now();
        const report = await unlessRefused(rotateOrganization(composed(world)));
        const [snapshot, secrets, published, calls] = await Promise.all([
          emulator.snapshot(),
          emulator.keySecrets(),
          emulator.notifications(),
          emulator.calls(),
        ]);
        await emulator.forgetNotifications();
        await emulator.forgetEvents();
        await emulator.forgetCalls();
        return {
          at,
          report,
          accounts: snapshot,
          secrets: secrets.map(({ keyId, right, stages }) => ({
            keyId,
            right,
            isCurrent: stages.includes('AWSCURRENT'),
          })),
          published: published.map(letterOf),
          calls: calls.length,
          faults: calls.filter(({ faulted }) => faulted).length,
        };
      },
      perform: emulator.perform,
      pass: world.pass,
    };
  };

function composed({ environment, aws }: World) {
  const { clock } = aws;
  return compose(
    readSettings({ ROTATION_MODE: 'enforce', ...environment, ...SETTINGS }),
    readRequest({ mode: 'enforce' }),
    {
      ...aws,
      // Nobody has to wait for real.
      clock: { now: clock.now, sleep: (duration) => clock.sleep(Math.min(duration, 5)) },
      publish: true,
    },
  );
}

function letterOf({ message }: Published): Letter {
  const parts = JSON.parse(message) as { readonly default: string; readonly email: string };
  return { text: parts.email, json: parts.default };
}
