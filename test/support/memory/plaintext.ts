import type { PlaintextSender } from '../../../src/run/ports/messaging.ts';

/** A topic that secrets are published to in plain text. */
export interface MemoryPlaintext {
  readonly port: PlaintextSender;
  /** Ids of the keys whose secrets went out. */
  readonly sent: readonly string[];
  emailReaders: boolean;
}

export function memoryPlaintext(): MemoryPlaintext {
  const sent: string[] = [];
  const topic: MemoryPlaintext = {
    sent,
    emailReaders: false,
    port: {
      hasEmailReaders: async () => topic.emailReaders,
      send: async (_account, _user, { id }) => {
        sent.push(id);
      },
    },
  };
  return topic;
}
