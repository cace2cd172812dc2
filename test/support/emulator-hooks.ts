import { startEmulator, type Emulator } from './emulator/emulator.ts';

/** One emulator for the whole describe block that calls this. The first one may have to be installed. */
export function useEmulator(): () => Emulator {
  let emulator: Emulator | undefined;
  before(async function () {
    this.timeout(180_000);
    emulator = await startEmulator();
  });
  after(() => emulator?.stop());
  return () => {
    if (emulator === undefined) throw new Error('the emulator starts in a before hook; ask for it in a test');
    return emulator;
  };
}
