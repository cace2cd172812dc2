import { findPython } from './emulator/python.ts';

/** Before any worker starts, and where it is seen: the first run on a machine installs the emulator. */
export async function mochaGlobalSetup(): Promise<void> {
  await findPython(false);
}
