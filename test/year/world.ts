import { OperationError } from '../../src/domain/errors.ts';
import type { RunReport } from '../../src/domain/report/run-report.ts';
import type { Instant } from '../../src/domain/time.ts';
import type { ScriptedAction, SeedAccount, SnapshotKey } from '../support/emulator/emulator.ts';

/** Where a year is simulated: on the emulator of AWS, or in memory. */
export interface YearWorld {
  now(): Instant;
  /** A run over all accounts, in which some calls fail. */
  run(chance: Chance): Promise<Aftermath>;
  /** What people do by hand, in order. */
  perform(actions: readonly ScriptedAction[]): Promise<void>;
  pass(days: number): Promise<void>;
}

/** Makes a world of these accounts and nothing else, at START. */
export type Begin = (accounts: readonly (SeedAccount & { readonly id: string })[]) => Promise<YearWorld>;

/** The share of calls that fail: the same ones for the same seed. */
interface Chance {
  readonly seed: string;
  readonly share: number;
}

/** What was there after a run, seen from outside. */
export interface Aftermath {
  /** When the run began. */
  readonly at: Instant;
  /** Undefined: the run ended before it came to an account. */
  readonly report: RunReport | undefined;
  /** Also of accounts that have left. */
  readonly accounts: readonly AccountKeys[];
  readonly secrets: readonly StoredSecret[];
  /** What this run published. */
  readonly published: readonly Letter[];
  readonly calls: number;
  /** How many of them failed. */
  readonly faults: number;
}

export interface AccountKeys {
  readonly accountId: string;
  readonly users: readonly { readonly userName: string; readonly keys: readonly SnapshotKey[] }[];
}

/** A key whose secret is stored somewhere. */
export interface StoredSecret {
  readonly keyId: string;
  /** It is what its owner reads. */
  readonly isCurrent: boolean;
  /** The key exists, and this is its secret and its user. */
  readonly right: boolean;
}

/** What was published, for e-mail and for machines. */
export interface Letter {
  readonly text: string;
  readonly json: string;
}

/**
 * The settings or the organization couldn't be read: there is no report. Everything else that a run
 * throws is a defect.
 */
export async function unlessRefused(run: Promise<RunReport>): Promise<RunReport | undefined> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof OperationError) return undefined;
    throw error;
  }
}
