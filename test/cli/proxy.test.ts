import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { findPython } from '../support/emulator/python.ts';
import { callerIdentity, jsonError, startFakeAws, xmlError, type FakeAws } from '../support/fake-aws.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { ARN, NEW, OLD, profileWith, secretWith } from '../support/workload-host.ts';
import { runProcess } from './terminal.ts';

const run = promisify(execFile);

/** Nobody but the proxy knows an address for it. */
const HOST = 'aws.internal.invalid';

describe('behind a proxy, with a certificate authority of one’s own', function () {
  this.timeout(60_000);
  let folder: string;
  let aws: FakeAws;
  let proxy: Proxy;
  let environment: Readonly<Record<string, string>>;

  before(async () => {
    const { stdout } = await run(await findPython(true), ['test/support/certificate.py', HOST, 'localhost']);
    const certificate = JSON.parse(stdout) as { readonly cert: string; readonly key: string };
    aws = await startFakeAws(
      () =>
        ({ action }) => {
          if (action === 'GetCallerIdentity') return callerIdentity(ARN);
          if (action === 'secretsmanager.GetSecretValue') return secretWith(NEW);
          return action.startsWith('AWSOrganizations')
            ? jsonError('AccessDeniedException', 'not this one')
            : xmlError('AccessDenied');
        },
      certificate,
    );
    const { port } = new URL(aws.endpoint);
    proxy = await startProxy(Number(port));
    folder = mkdtempSync(path.join(tmpdir(), 'proxied-'));
    mkdirSync(path.join(folder, '.aws'));
    writeFileSync(path.join(folder, '.aws/credentials'), profileWith(OLD));
    writeFileSync(path.join(folder, 'ca.pem'), certificate.cert);
    environment = {
      HOME: folder,
      AWS_ENDPOINT_URL: `https://${HOST}:${port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: OLD,
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_CA_BUNDLE: path.join(folder, 'ca.pem'),
      HTTPS_PROXY: `http://${proxy.address}`,
    };
  });
  after(async () => {
    proxy.close();
    await aws.close();
    rmSync(folder, { recursive: true });
  });

  const credentials = (more: Readonly<Record<string, string>> = {}) =>
    runProcess(['credentials', '--user', 'ann', '--from', 'first', '--refresh'], { ...environment, ...more });

  it('credentials are read through it', async () => {
    const { code, stdout, stderr } = await credentials();
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.include(NEW);
    expect(proxy.asked).to.deep.equal(
      [HOST, HOST, HOST].map((host) => `${host}:${new URL(aws.endpoint).port}`),
    );
  });

  it('every other command goes through it', async () => {
    const { code, stderr } = await runProcess(['plan'], environment);
    expect(code).to.equal(1);
    expect(stderr).to.include('not this one');
  });

  it('it is told who asks, also where its address lacks http://', async () => {
    await credentials({ HTTPS_PROXY: `me:pass@${proxy.address}` });
    expect(proxy.authorizations.at(-1)).to.equal(`Basic ${Buffer.from('me:pass').toString('base64')}`);
  });

  it('what NO_PROXY names is reached without it', async () => {
    const asked = proxy.asked.length;
    const { code, stdout } = await credentials({
      AWS_ENDPOINT_URL: `https://localhost:${new URL(aws.endpoint).port}`,
      NO_PROXY: 'localhost,.internal.invalid',
    });
    expect(code).to.equal(0);
    expect(stdout).to.include(NEW);
    expect(proxy.asked).to.have.length(asked);
  });

  it('nobody is trusted whom the authority has not signed', async () => {
    const { AWS_CA_BUNDLE: _, ...without } = environment;
    const { code, stderr } = await runProcess(['plan'], without);
    expect(code).to.equal(1);
    expect(stderr).to.match(/self-signed certificate|SELF_SIGNED/i);
  });

  it('the key at hand goes on where the proxy does not', async () => {
    const { code, stdout, stderr } = await credentials({ HTTPS_PROXY: 'http://127.0.0.1:9' });
    expect(code).to.equal(0);
    expect(stdout).to.include(NEW);
    expect(stderr).to.include('HTTPS_PROXY');
  });
});
