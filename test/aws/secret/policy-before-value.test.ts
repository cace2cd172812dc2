import { expect } from 'chai';
import * as sinon from 'sinon';
import { statementsFor } from '../../../src/aws/secret/secret-policy.ts';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import { MANAGED, USER_ID } from '../../../src/aws/secret/secret-tags.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import { clientThat, secretsIn, userNamed } from '../support.ts';
import { prepared } from '../../support/prepared.ts';

const ann = userNamed('ann');
const KEY: CreatedKey = { id: 'AKIAEXAMPLE000000001', status: 'active', createdAt: 0, secret: 'new-secret' };
const RIGHT = statementsFor(ann, { readers: [], access: 'open' });

const policyOf = (Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const anybodyElses = policyOf(statementsFor(userNamed('bob'), { readers: [], access: 'open' }));
const open = policyOf([{ Sid: RIGHT[0]?.Sid, Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }]);

/** Secrets Manager with one secret at most; what was sent, in order. */
function secretsManager(policy: string | null | undefined, refused?: string) {
  let current = policy ?? undefined;
  let exists = policy !== undefined;
  const sent = sinon.fake();
  const answers: Readonly<Record<string, (input: Record<string, string>) => object>> = {
    DescribeSecretCommand: () => {
      if (!exists) throw Object.assign(new Error('not there'), { name: 'ResourceNotFoundException' });
      const Tags = [
        { Key: MANAGED, Value: 'true' },
        { Key: USER_ID, Value: ann.userId },
      ];
      return { ARN: 'arn:secret', Tags };
    },
    CreateSecretCommand: () => {
      exists = true;
      return { ARN: 'arn:secret', VersionId: 'first' };
    },
    GetResourcePolicyCommand: () => ({ ARN: 'arn:secret', ResourcePolicy: current }),
    PutResourcePolicyCommand: ({ ResourcePolicy }) => {
      current = ResourcePolicy;
      return { ARN: 'arn:secret' };
    },
    PutSecretValueCommand: () => {
      // What readers have from this moment on.
      expect(JSON.parse(current ?? 'null')).to.deep.include({ Statement: RIGHT });
      return { ARN: 'arn:secret' };
    },
  };
  const client = clientThat((name, input) => {
    sent(name.replace(/Command$/, ''), input);
    if (name === `${refused ?? ''}Command`) {
      throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    }
    return answers[name]?.(input as Record<string, string>) ?? {};
  });
  return { store: secretsManagerStore(client, secretsIn()), sent };
}

const WRITES = ['CreateSecret', 'PutResourcePolicy', 'PutSecretValue'];
const writesIn = (sent: sinon.SinonSpy): readonly string[] =>
  sent.args.map(([name]) => String(name)).filter((name) => WRITES.includes(name));

describe('the policy of a secret is right before a value is in it', () => {
  for (const [title, policy, writes] of [
    ['that is new', undefined, WRITES],
    ['that has none', null, ['PutResourcePolicy', 'PutSecretValue']],
    ["that has somebody else's", anybodyElses, ['PutResourcePolicy', 'PutSecretValue']],
    ['that is open to everybody', open, ['PutResourcePolicy', 'PutSecretValue']],
    ['that has the right one', policyOf(RIGHT), ['PutSecretValue']],
  ] as const) {
    it(title, async () => {
      const { store, sent } = secretsManager(policy);
      const state = await prepared(store, ann);
      await store.store(ann, KEY, state);
      expect(writesIn(sent)).to.deep.equal(writes);
    });
  }

  it('and nothing of a key is in the first version of a new one', async () => {
    const { store, sent } = secretsManager(undefined);
    await prepared(store, ann);
    const [, created] = sent.args.find(([name]) => name === 'CreateSecret') as [string, object];
    expect(created).to.include({ SecretString: '{}' });
  });

  for (const [refused, title, policy] of [
    ['PutResourcePolicy', 'a new one', undefined],
    ['PutResourcePolicy', 'one with a wrong policy', open],
    ['GetResourcePolicy', 'one with a wrong policy', open],
  ] as const) {
    it(`else ${title} gets none: ${refused} is denied`, async () => {
      const { store, sent } = secretsManager(policy, refused);
      const outcome = await prepared(store, ann).catch((error: unknown) => error);
      expect(outcome).to.be.an('error').with.nested.property('failure.kind', 'denied');
      expect(writesIn(sent)).not.to.include('PutSecretValue');
    });
  }
});
