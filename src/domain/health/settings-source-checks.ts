import { describeFailure, OperationError, type Failure } from '../errors.ts';
import { notChecked, ok, type Check } from './check.ts';

/* Whether what `doctor` examines is what the deployed function does. */

export interface ExaminedSettings {
  readonly functionName: string;
  readonly found:
    | { readonly kind: 'found' }
    | { readonly kind: 'missing' }
    | { readonly kind: 'not-asked' }
    | { readonly kind: 'unreadable'; readonly failure: Failure };
  /** The variables of the environment, which go before those of the function. */
  readonly ofEnvironment: readonly string[];
  readonly differences: readonly {
    readonly name: string;
    readonly here: string;
    readonly there?: string;
  }[];
  /** Variables of the function that this version doesn't know. */
  readonly unknown: readonly string[];
}

/** Some take the external id for a secret. */
const HIDDEN: ReadonlySet<string> = new Set(['ROTATION_EXTERNAL_ID']);

/** Where the settings come from, and in what they differ from the function's. */
export function settingsSourceChecks(examined: ExaminedSettings): readonly Check[] {
  const { functionName, found, ofEnvironment, differences, unknown } = examined;
  const own = ofEnvironment.length === 0 ? '' : `; of the environment: ${ofEnvironment.join(', ')}`;
  switch (found.kind) {
    case 'not-asked':
      return [
        ok('settings', 'source', `of the environment alone, as ROTATION_FUNCTION_NAME=none says${own}`),
      ];
    // That it isn't there is what the checks of the function say.
    case 'missing':
      return [
        notChecked('settings', 'source', `there is no function ${functionName} to read them from${own}`),
      ];
    case 'unreadable': {
      const { message, nextStep } = describeFailure(new OperationError(found.failure), '');
      return [
        notChecked(
          'settings',
          'source',
          `those of the function ${functionName} may differ: ${message}`,
          nextStep,
        ),
      ];
    }
    case 'found':
      return [
        ok('settings', 'source', `of the function ${functionName}${own}`),
        ...differences.map(describeDifference),
        ...unknown.map((name) =>
          notChecked(
            'settings',
            name,
            `the function ${functionName} has it, and this version doesn't know it`,
            'Use the version of access-key-rotation that is deployed, or deploy this one.',
          ),
        ),
      ];
  }
}

function describeDifference({ name, here, there }: ExaminedSettings['differences'][number]): Check {
  const message = HIDDEN.has(name)
    ? 'the environment and the function have different ones: what is said here is about that of the environment'
    : `the environment says ${here}, the function has ${there ?? 'the default'}: what is said here is about ${here}`;
  return notChecked('settings', name, message, `To see what the function does: unset ${name}`);
}
