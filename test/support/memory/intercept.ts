import type { FailureKind } from '../../../src/domain/errors.ts';
import { OperationError } from '../../../src/domain/errors.ts';
import type {
  AccountDirectory,
  AccountSession,
  CredentialReports,
  FormerMembers,
  Sessions,
} from '../../../src/run/ports/accounts.ts';
import type { History } from '../../../src/run/ports/history.ts';
import type { KeyInventory, KeyVerifier, KeyWriter } from '../../../src/run/ports/keys.ts';
import type { OpenAccounts } from '../../../src/run/ports/open-accounts.ts';
import type { Ledger } from '../../../src/run/ports/ledger.ts';
import type { EventSink, Notifier, PlaintextSender, ReaderLookup } from '../../../src/run/ports/messaging.ts';
import type { OrphanedSecrets } from '../../../src/run/ports/orphaned-secrets.ts';
import type { SecretStore } from '../../../src/run/ports/secrets.ts';
import type { SettingsSource } from '../../../src/run/ports/settings.ts';
import type { KeyUsage } from '../../../src/run/ports/usage.ts';
import { failure } from '../builders.ts';

type CallsOf<Name extends string, Port> = `${Name}.${keyof Port & string}`;

/** Every call that a run can make, as `port.method`. */
export type CallName =
  | CallsOf<'directory', AccountDirectory>
  | CallsOf<'formerMembers', FormerMembers>
  | CallsOf<'sessions', Sessions>
  | CallsOf<'inventory', KeyInventory>
  | CallsOf<'reports', CredentialReports>
  | CallsOf<'openAccounts', OpenAccounts>
  | CallsOf<'writer', KeyWriter>
  | CallsOf<'verifier', KeyVerifier>
  | CallsOf<'usage', KeyUsage>
  | CallsOf<'secrets', SecretStore>
  | CallsOf<'orphanedSecrets', OrphanedSecrets>
  | CallsOf<'ledger', Ledger>
  | CallsOf<'notifier', Notifier>
  | CallsOf<'readers', ReaderLookup>
  | CallsOf<'settings', SettingsSource>
  | CallsOf<'events', EventSink>
  | CallsOf<'history', History>
  | CallsOf<'plaintext', PlaintextSender>;

/** By their contracts: what they can't read they answer with `unknown`. */
export const NEVER_THROWS: ReadonlySet<CallName> = new Set<CallName>(['readers.of', 'secrets.deliveryOf']);

export interface Call {
  readonly name: CallName;
  readonly args: readonly unknown[];
}

/** What happens around a call: nothing, a fault, a wait, the end of the process. */
export type Around = (call: Call, proceed: () => Promise<unknown>) => Promise<unknown>;

type Callable = (...args: unknown[]) => unknown;

/** The same port, with something around each of its calls. */
export function intercepted<Port extends object>(name: string, port: Port, around: Around): Port {
  const wrap = (method: string, call: Callable) =>
    ((...args) =>
      around({ name: `${name}.${method}` as CallName, args }, async () =>
        call(...args),
      )) satisfies typeof call;
  return Object.fromEntries(
    Object.entries(port).map(([method, call]: [string, unknown]) => [
      method,
      typeof call === 'function' ? wrap(method, call as Callable) : call,
    ]),
  ) as Port;
}

export const interceptedSession = (session: AccountSession, around: Around): AccountSession => ({
  inventory: intercepted('inventory', session.inventory, around),
  reports: intercepted('reports', session.reports, around),
  writer: intercepted('writer', session.writer, around),
  secrets: intercepted('secrets', session.secrets, around),
  orphanedSecrets: intercepted('orphanedSecrets', session.orphanedSecrets, around),
  verifier: intercepted('verifier', session.verifier, around),
  usage: intercepted('usage', session.usage, around),
});

/** One around the other; the first is the outermost. */
export const nested =
  (...arounds: readonly Around[]): Around =>
  (call, proceed) =>
    arounds.reduceRight<() => Promise<unknown>>((inner, around) => () => around(call, inner), proceed)();

interface FaultOptions {
  /** How often; once if not said. */
  readonly times?: number;
  /** The call has its effect, and only its answer is lost. */
  readonly answerLost?: boolean;
  /** Only calls with such arguments. */
  readonly when?: (...args: readonly string[]) => boolean;
}

export interface Faults {
  readonly around: Around;
  /** Makes the next calls of that name fail: with an OperationError of a kind, or with any error. */
  on(name: CallName, fault: FailureKind | Error, options?: FaultOptions): void;
}

export const refusal = (kind: FailureKind, during: string): OperationError =>
  new OperationError(failure({ kind, during, message: `${kind} by a test`, nextStep: 'Mend the test.' }));

export function plannedFaults(): Faults {
  const planned: { name: CallName; error: Error; options: FaultOptions; left: number }[] = [];
  return {
    on: (name, fault, options = {}) => {
      const error = typeof fault === 'string' ? refusal(fault, name) : fault;
      planned.push({ name, error, options, left: options.times ?? 1 });
    },
    around: async ({ name, args }, proceed) => {
      const fault = planned.find(
        (one) => one.left > 0 && one.name === name && (one.options.when?.(...(args as string[])) ?? true),
      );
      if (fault === undefined) return await proceed();
      fault.left--;
      if (fault.options.answerLost === true) await proceed();
      throw fault.error;
    },
  };
}
