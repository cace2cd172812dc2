import { readFileSync } from 'node:fs';

/** What the template puts into the definition (resources/map.yml). */
export interface Substitutions {
  readonly Partition: string;
  readonly ListFunction: string;
  readonly AccountFunction: string;
  readonly FinishFunction: string;
  readonly Bucket: string;
  readonly AccountsAtATime: string;
}

const definitionText = (): string =>
  readFileSync(new URL('../../../resources/map.asl.json', import.meta.url), 'utf8');

/** The definition as Step Functions gets it. */
export const definitionWith = (values: Substitutions): string =>
  definitionText().replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = (values as unknown as Readonly<Record<string, string | undefined>>)[name];
    if (value === undefined) throw new Error(`the template has nothing for ${name}`);
    return value;
  });

/**
 * The same, for an interpreter that doesn't know how many failures a map tolerates, and for tests that can't wait
 * as long: every wait before a retry is a second at most, and an account has so many seconds.
 */
export const hurried = (definition: string, secondsForAnAccount: number): string =>
  definition
    .replace(/"ToleratedFailurePercentage": 100,/, '')
    .replaceAll(/"(IntervalSeconds|MaxDelaySeconds|BackoffRate)": \d+/g, (_, name: string) =>
      name === 'MaxDelaySeconds' ? '"MaxDelaySeconds": 2' : `"${name}": 1`,
    )
    .replace(
      /("Account": \{[\s\S]*?"TimeoutSeconds": )960/,
      (_, before: string) => `${before}${secondsForAnAccount}`,
    );
