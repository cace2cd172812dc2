import { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';

/*
 * How this process gets to AWS. What makes agents is set once, where a command begins, and only if a proxy or
 * a certificate authority is named; the function never has one.
 */

/**
 * To one host, at a time. A run has clients by the thousand, one or more an account, and all of them call the
 * same few hosts: the SDK's 50 for each host would hold up what the settings let be done at once. All hosts
 * together stay below the 1,024 files that a function may have open.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const CONNECTIONS = { keepAlive: true, maxSockets: 200 };

let makeAgent: (() => Agent) | undefined;

/** From now on every client gets an agent of this kind, instead of the SDK's. */
export function useAgents(make: (() => Agent) | undefined): void {
  makeAgent = make;
}

/** The connections of many clients. A client that has them must not be destroyed: it would close them all. */
export interface Connections {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: Agent;
}

/** For the clients of one run: an account finds the connections open that the one before it has used. */
export const sharedConnections = (): Connections => ({
  httpAgent: new HttpAgent(CONNECTIONS),
  httpsAgent: makeAgent?.() ?? new Agent(CONNECTIONS),
});

/** For the request handler of one client: nobody else has its connections, and it closes them. */
export const agentOptions = (): { readonly httpsAgent?: Agent } =>
  makeAgent === undefined ? {} : { httpsAgent: makeAgent() };
