import { STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { endpointOf, jsonCalls } from '../../../src/aws/client/json-call.ts';
import { clientConfig } from '../../../src/aws/client/config.ts';
import { kindOf } from '../../../src/aws/client/errors.ts';
import { setAwsEnvironment } from '../support.ts';
import { startJsonAws, type JsonAws } from '../wire.ts';

const SERVICE = { serviceId: 'CloudTrail', host: 'cloudtrail', target: 'CloudTrail_20131101' };
const credentials = () => Promise.resolve({ accessKeyId: 'AKIA1', secretAccessKey: 'x', sessionToken: 't' });
const settings = (region = 'eu-central-1') => ({ region, credentials });

async function inEnvironment(environment: Readonly<Record<string, string>>, act: () => Promise<unknown>) {
  const back = setAwsEnvironment(environment);
  try {
    await act();
  } finally {
    back();
  }
}

describe('a call without a client of the SDK', () => {
  let aws: JsonAws;
  let answer: { readonly status: number; readonly body: string };
  before(async () => {
    aws = await startJsonAws(() => answer);
  });
  after(() => aws.stop());
  beforeEach(() => {
    answer = { status: 200, body: '{"Events":[]}' };
  });
  const call = () => jsonCalls(SERVICE, { ...settings(), endpoint: aws.endpoint })('LookupEvents', { a: 1 });

  it('says what it wants, signed for the service in the region', async () => {
    expect(await call()).to.deep.equal({ Events: [] });
    const { headers, body } = aws.requests.at(-1) ?? { headers: {}, body: '' };
    expect(body).to.equal('{"a":1}');
    expect(headers).to.include({
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'CloudTrail_20131101.LookupEvents',
      'x-amz-security-token': 't',
    });
    expect(headers['authorization']).to.match(
      /^AWS4-HMAC-SHA256 Credential=AKIA1\/\d{8}\/eu-central-1\/cloudtrail\/aws4_request, SignedHeaders=.*host/,
    );
  });

  it('goes where the environment says, of this service before all', async () => {
    const asked = () => jsonCalls(SERVICE, settings())('LookupEvents', {});
    const before = aws.requests.length;
    await inEnvironment({ AWS_ENDPOINT_URL: aws.endpoint }, asked);
    const nowhere = 'http://127.0.0.1:9';
    await inEnvironment(
      { AWS_ENDPOINT_URL: nowhere, AWS_ENDPOINT_URL_STS: nowhere, AWS_ENDPOINT_URL_CLOUDTRAIL: aws.endpoint },
      asked,
    );
    expect(aws.requests).to.have.length(before + 2);
  });

  for (const [environment, region, host] of [
    [{}, 'eu-central-1', 'cloudtrail.eu-central-1.amazonaws.com'],
    [{}, 'cn-north-1', 'cloudtrail.cn-north-1.amazonaws.com.cn'],
    [{}, 'us-gov-west-1', 'cloudtrail.us-gov-west-1.amazonaws.com'],
    [{}, 'us-iso-east-1', 'cloudtrail.us-iso-east-1.c2s.ic.gov'],
    [{}, 'eusc-de-east-1', 'cloudtrail.eusc-de-east-1.amazonaws.eu'],
    [{ AWS_USE_FIPS_ENDPOINT: 'true' }, 'us-east-1', 'cloudtrail-fips.us-east-1.amazonaws.com'],
    [{ AWS_USE_FIPS_ENDPOINT: 'true' }, 'us-gov-east-1', 'cloudtrail.us-gov-east-1.amazonaws.com'],
    [{ AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'eu-west-1', 'cloudtrail.eu-west-1.api.aws'],
    [{ AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9' }, 'eu-west-1', 'cloudtrail.eu-west-1.amazonaws.com'],
    [{ AWS_STS_REGIONAL_ENDPOINTS: 'legacy' }, 'us-east-1', 'cloudtrail.us-east-1.amazonaws.com'],
  ] as const) {
    it(`finds ${host}${Object.keys(environment)
      .map((name) => ` with ${name}`)
      .join('')}`, async () => {
      await inEnvironment(environment, async () => {
        const { config } = new STSClient(clientConfig(settings(region)));
        expect((await endpointOf(SERVICE, settings(region), config)).host).to.equal(host);
      });
    });
  }

  for (const [status, body, name, kind] of [
    [
      400,
      '{"__type":"com.amazonaws.cloudtrail#ThrottlingException","message":"slow"}',
      'ThrottlingException',
      'throttled',
    ],
    [400, '{"__type":"AccessDeniedException","Message":"no"}', 'AccessDeniedException', 'denied'],
    [500, '', 'HTTP 500', 'transient'],
    [503, 'null', 'HTTP 503', 'transient'],
    [403, '<html>Blocked</html>', 'HTTP 403', 'denied'],
    [200, '<html>Sign in</html>', 'SyntaxError', 'unknown'],
  ] as const) {
    it(`throws ${name} for ${status} ${body}`, async () => {
      answer = { status, body };
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect([(error as Error).name, kindOf(error)]).to.deep.equal([name, kind]);
    });
  }

  it('is counted', async () => {
    const counts = { calls: 0, throttles: 0 };
    const counting = jsonCalls(SERVICE, { ...settings(), endpoint: aws.endpoint, counts });
    await counting('LookupEvents', {});
    answer = { status: 400, body: '{"__type":"ThrottlingException"}' };
    await counting('LookupEvents', {}).catch(() => undefined);
    expect(counts).to.deep.equal({ calls: 2, throttles: 1 });
  });
});
