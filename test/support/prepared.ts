import type { SecretOwner, SecretState, SecretStore } from '../../src/run/ports/secrets.ts';

/** Makes a user's secret ready as a run does: it looks first. */
export const prepared = async (
  store: Pick<SecretStore, 'look' | 'prepare'>,
  user: SecretOwner,
  runId?: string,
): Promise<SecretState> => store.prepare(user, await store.look(user), runId);
