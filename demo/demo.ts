import { parseArgs } from 'node:util';
import { startEmulator } from '../test/support/emulator/emulator.ts';
import { keep } from './keep.ts';
import { heading, paragraph, say } from './screen.ts';
import { deployDemo } from './service.ts';
import { showTour, WEEKS } from './tour.ts';

/* `npm run demo`: a tour. With `-- --keep` the organization stays there, to be tried. */

const isKept = readArguments();
if (isKept !== undefined) {
  const emulator = await startEmulator();
  try {
    const service = await deployDemo(emulator, WEEKS * 7);
    try {
      say(
        paragraph(
          `An AWS organization with the service deployed in it, emulated on ${emulator.endpoint}. No AWS account is touched.`,
        ),
      );
      process.exitCode = await showTour(service);
      if (isKept) await keep(service);
      else sayWhatIsNext();
    } finally {
      service.stop();
    }
  } finally {
    await emulator.stop();
  }
}

function readArguments(): boolean | undefined {
  try {
    return parseArgs({ options: { keep: { type: 'boolean', default: false } } }).values.keep;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nThe demo takes --keep, or nothing.\n`);
    process.exitCode = 2;
    return undefined;
  }
}

function sayWhatIsNext(): void {
  heading('What next');
  say('To try every command on this organization:  npm run demo -- --keep');
  say('What there is:                              npm run -s cli -- --help');
  say('To deploy it:                               docs/deployment.md');
}
