import { readFileSync } from 'node:fs';
import { Agent as DirectAgent } from 'node:https';
import type { Agent } from 'node:http';
import { Agent as AgentByHost, type AgentConnectOpts } from 'agent-base';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { definedOnly } from '../../domain/defined-only.ts';
import { InputError } from '../../domain/errors.ts';
import { CONNECTIONS } from './agent.ts';

/* HTTPS_PROXY, NO_PROXY and AWS_CA_BUNDLE, as AWS CLI reads them. Loaded only where one of them is set. */

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes agents that go through the proxy, or not, by the host they are to reach.
 * @throws InputError when the proxy or the file of certificates is none
 */
export function agentsFor(environment: Environment): () => DirectAgent {
  const ca = certificates(environment['AWS_CA_BUNDLE']);
  const options = { ...CONNECTIONS, ...definedOnly({ ca }) };
  const proxy = proxyOf(environment);
  // The SDK needs no more of an agent than Node does.
  return () =>
    proxy === undefined ? new DirectAgent(options) : (byHost(proxy, options) as unknown as DirectAgent);
}

function byHost(proxy: URL, options: typeof CONNECTIONS & { readonly ca?: string }): Agent {
  const direct = new DirectAgent(options);
  const proxied = new HttpsProxyAgent(proxy, options);
  class ByHost extends AgentByHost {
    override connect(_request: unknown, { host, port }: AgentConnectOpts): Promise<Agent> {
      // NO_PROXY is read here: it names hosts, domains and ports.
      const isProxied = getProxyForUrl(`https://${host ?? ''}:${port}`) !== '';
      return Promise.resolve(isProxied ? proxied : direct);
    }
    override destroy(): void {
      direct.destroy();
      proxied.destroy();
      super.destroy();
    }
  }
  return new ByHost(options);
}

function proxyOf(environment: Environment): URL | undefined {
  const text = environment['https_proxy'] ?? environment['HTTPS_PROXY'] ?? '';
  if (text === '') return undefined;
  // curl and AWS CLI take a proxy without its scheme, too.
  const whole = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new InputError(['HTTPS_PROXY: must be the address of a proxy, like http://proxy.example.com:3128']);
  }
  return url;
}

/** Instead of those that Node knows, as AWS CLI has it: who names a bundle trusts nobody else. */
function certificates(file: string | undefined): string | undefined {
  if (file === undefined || file === '') return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new InputError([`AWS_CA_BUNDLE: ${file} can't be read (${code})`]);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new InputError([`AWS_CA_BUNDLE: ${file} must hold certificates in the form of PEM`]);
  }
  return text;
}
