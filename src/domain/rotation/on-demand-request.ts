import type { ChangeKind, LimitKind, Mode } from './limits.ts';
import type { ShownStep } from './on-demand.ts';

/* What a person asks the deployed function for. It has been shown to the person before, and travels along:
   what has changed meanwhile is not done. */

interface Asked {
  /** The ARN of the person, as STS tells it, and as the command line claims. */
  readonly requestedBy: string;
}

interface AskedWithReason extends Asked {
  readonly accountId: string;
  readonly reason: string;
}

export interface ReplaceRequest extends AskedWithReason {
  readonly command: 'replace';
  readonly userName: string;
  /** Which of the user's keys; absent where only one is active. */
  readonly accessKeyId?: string;
  readonly leaveActive: boolean;
  readonly shown: readonly ShownStep[];
}

export interface RestoreRequest extends AskedWithReason {
  readonly command: 'restore';
  /** Whose key it was when it was shown. */
  readonly userName: string;
  readonly accessKeyId: string;
  readonly shown: readonly ShownStep[];
}

interface AcceptRequest extends AskedWithReason {
  readonly command: 'accept';
  readonly limit: LimitKind;
  /** The ids of the keys that the limit stops. */
  readonly shown: readonly string[];
}

/** A run that is begun by a person. It decides anew, as it does where it is done with the person's own rights. */
interface ApplyRequest extends Asked {
  readonly command: 'apply';
  /** The most that is done; where the settings say less, that holds. */
  readonly mode?: Mode;
  /** Empty: all accounts that the settings cover. */
  readonly accountIds: readonly string[];
  /** `alice`, or `111122223333/alice`: that one's alone. Empty: all users. */
  readonly userNames: readonly string[];
  /** The kinds of change that are carried out, of those that the mode allows; absent: all of them. */
  readonly only?: readonly ChangeKind[];
}

export type OnDemandRequest = ReplaceRequest | RestoreRequest | AcceptRequest | ApplyRequest;
