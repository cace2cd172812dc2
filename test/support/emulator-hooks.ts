import { startEmulator, type Emulator } from './emulator/emulator.ts';

let started: Promise<Emulator> | undefined;

/**
 * AWS for the file or describe block that calls this: empty, showing real time, without faults.
 * A process starts one emulator and passes it on from file to file, since a reset takes
 * milliseconds and a start a second. Parallel workers are processes: each has its own.
 */
export function emulatorForThisFile(): () => Emulator {
  let emulator: Emulator | undefined;
  before(async function () {
    emulator = await (started ??= startEmulator({ quiet: true }));
    await emulator.reset();
  });
  return () => {
    if (emulator === undefined) throw new Error('the emulator is ready in tests and hooks, not before');
    return emulator;
  };
}
