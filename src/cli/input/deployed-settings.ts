import pc from 'picocolors';
import { deployedEnvironment, type DeployedEnvironment } from '../../compose/deployed.ts';
import type { Environment } from '../../compose/environment.ts';
import { mergeEnvironments, readMerged, type Merged } from '../../config/deployed.ts';
import type { Settings } from '../../config/settings.ts';
import { OperationError } from '../../domain/errors.ts';
import { SERVICE } from '../../domain/health/check.ts';
import type { Mode } from '../../domain/rotation/limits.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import type { Terminal } from './terminal.ts';

/** Of another function whose settings hold; `none`: those of the environment alone. */
export const FUNCTION_NAME = 'ROTATION_FUNCTION_NAME';

/** What only looks may go on with other settings than the function's, and says so; what changes may not. */
export type Purpose = 'look' | 'change';

/** Where the settings of a command come from. */
export interface SettingsSource {
  readonly functionName: string;
  /** `not-asked`: the environment alone is to hold. */
  readonly found: DeployedEnvironment | { readonly kind: 'not-asked' };
  readonly merged: Merged;
}

interface Asked {
  readonly environment: Terminal['environment'];
  readonly functionName: string | undefined;
  readonly mode: Mode | undefined;
  readonly aws: Pick<Environment, 'region' | 'endpoint' | 'credentials'>;
  readonly purpose: Purpose;
}

/**
 * The settings that the deployed function works with; those of the environment go before. Says on stderr
 * where they come from.
 * @throws OperationError where something is to be changed and they can't be read
 */
export async function settingsOf(
  { environment, functionName, mode, aws, purpose }: Asked,
  { stderr, isQuiet = false }: Pick<Terminal, 'stderr' | 'isQuiet'>,
): Promise<{ readonly settings: Settings; readonly source: SettingsSource }> {
  const wanted = functionName?.trim() ?? '';
  const name = wanted === '' ? SERVICE : wanted;
  const found = name === 'none' ? ({ kind: 'not-asked' } as const) : await deployedEnvironment(name, aws);
  if (found.kind === 'unreadable' && purpose === 'change') throw unread(found.failure, name);
  const merged = mergeEnvironments(environment, found.kind === 'found' ? found.variables : {});
  const source = { functionName: name, found, merged };
  // Said before they are validated: which of the two is wrong depends on it.
  if (!isQuiet || found.kind === 'unreadable') stderr.write(describeSource(source, aws.region));
  return { settings: readMerged(merged, name, mode), source };
}

const unread = ({ message, nextStep, ...failure }: OperationError['failure'], name: string): OperationError =>
  new OperationError({
    ...failure,
    message: `${message} (nothing is changed without knowing the settings of the function ${name})`,
    nextStep: `${nextStep} Or set all settings in the environment, and ${FUNCTION_NAME}=none.`,
  });

/** Whole lines, or nothing where only the environment was to be asked. */
function describeSource({ functionName, found, merged }: SettingsSource, region: string): string {
  const which = `the function ${clean(functionName)} in ${region}`;
  switch (found.kind) {
    case 'not-asked':
      return '';
    case 'missing':
      return pc.dim(`Settings: of the environment, and defaults; there is no ${which.slice(4)}.\n`);
    case 'unreadable': {
      const { during, message, nextStep } = found.failure;
      return (
        pc.yellow(
          `Settings: of the environment, and defaults; those of ${which} may differ, and can't be read:\n`,
        ) + `  ${during}: ${clean(message)}\n  Next step: ${whole(nextStep)}\n`
      );
    }
    case 'found': {
      const { ofEnvironment, unknown } = merged;
      const own =
        ofEnvironment.length === 0
          ? ''
          : `; of the environment: ${ofEnvironment.map((one) => clean(one)).join(', ')}`;
      const more =
        unknown.length === 0
          ? ''
          : pc.yellow(
              `It has settings that this version doesn't know: ${unknown.map((one) => clean(one)).join(', ')}\n`,
            );
      return pc.dim(`Settings: of ${which}${own}.\n`) + more;
    }
  }
}
