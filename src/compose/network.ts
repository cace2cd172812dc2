import { useAgents } from '../aws/client/agent.ts';

/** Any of these changes how AWS is reached. NO_PROXY alone doesn't. */
const NAMES = ['HTTPS_PROXY', 'https_proxy', 'AWS_CA_BUNDLE'];

/**
 * Lets every client of this process go through the proxy, and trust the certificates, that the environment
 * names. What that takes is loaded only then.
 * @throws InputError when they are none
 */
export async function useNetworkOf(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (!NAMES.some((name) => (environment[name] ?? '') !== '')) return;
  const { agentsFor } = await import('../aws/client/proxy.ts');
  useAgents(agentsFor(environment));
}
