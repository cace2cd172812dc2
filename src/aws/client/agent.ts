import type { Agent } from 'node:https';

/*
 * How this process gets to AWS. Set once, where a command begins, and only if a proxy or a certificate
 * authority is named; the function never has one.
 */

let makeAgent: (() => Agent) | undefined;

/** From now on every client gets an agent of this kind. Each one of its own: a client closes its agent. */
export function useAgents(make: (() => Agent) | undefined): void {
  makeAgent = make;
}

/** For the request handler of a client. */
export const agentOptions = (): { readonly httpsAgent?: Agent } =>
  makeAgent === undefined ? {} : { httpsAgent: makeAgent() };
