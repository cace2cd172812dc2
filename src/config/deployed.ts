import { InputError } from '../domain/errors.ts';
import { blankIsUnset } from './fields.ts';
import { readSettings, SETTING_NAMES, type Settings } from './settings.ts';
import type { Mode } from '../domain/rotation/limits.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that the environment of a command has otherwise than the deployed function. */
interface Difference {
  readonly name: string;
  readonly here: string;
  /** Absent: the function has the default. */
  readonly there?: string;
}

/** The environment of a command, and that of the function, as one. */
export interface Merged {
  readonly environment: Environment;
  /** What of it the function says, and the command's own environment doesn't. */
  readonly ofFunction: ReadonlySet<string>;
  /** What the command's own environment says, and so goes before. */
  readonly ofEnvironment: readonly string[];
  readonly differences: readonly Difference[];
  /** Settings of the function that this version doesn't know: another one is deployed. */
  readonly unknown: readonly string[];
}

const isSetting = (name: string) => name.startsWith('ROTATION_');
const isKnown = (name: string) => SETTING_NAMES.some((one) => one === name);

/** @param deployed the function's variables; the environment of the command goes before each of them */
export function mergeEnvironments(own: Environment, deployed: Environment): Merged {
  const here = Object.entries(blankIsUnset(own)).filter(([name]) => isSetting(name));
  const there = Object.entries(blankIsUnset(deployed)).filter(([name]) => isSetting(name));
  const set = new Set(here.map(([name]) => name));
  const ofFunction = there.filter(([name]) => isKnown(name) && !set.has(name));
  const deployedAs = new Map(there);
  return {
    environment: { ...own, ...Object.fromEntries(ofFunction) },
    ofFunction: new Set(ofFunction.map(([name]) => name)),
    ofEnvironment: [...set].sort(),
    differences: here
      .filter(([name, value]) => deployedAs.get(name) !== value)
      .map(([name, value]) => {
        const other = deployedAs.get(name);
        return { name, here: value, ...(other === undefined ? {} : { there: other }) };
      }),
    unknown: there.map(([name]) => name).filter((name) => !isKnown(name)),
  };
}

/**
 * The settings of both, each with where it comes from.
 * @param functionName for what is said
 * @throws InputError with all problems at once, each with whose it is
 */
export function readMerged(
  { environment, ofFunction }: Merged,
  functionName: string,
  mode: Mode | undefined,
): Settings {
  try {
    const settings = readSettings(environment, mode);
    const givenBy = Object.entries(settings.givenBy).map(([setting, variable]) => [
      setting,
      ofFunction.has(variable) ? `${variable} of the function` : variable,
    ]);
    return { ...settings, givenBy: Object.fromEntries(givenBy) as Settings['givenBy'] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const whose = (problem: string) =>
      ofFunction.has(problem.split(':')[0] ?? '')
        ? `${problem} (so the function ${functionName} has it)`
        : problem;
    throw new InputError(error.problems.map(whose));
  }
}
