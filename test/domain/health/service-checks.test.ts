import { expect } from 'chai';
import type { Check } from '../../../src/domain/health/check.ts';
import {
  runtimeCheck,
  scaleCheck,
  scheduleChecks,
  type ScheduleFacts,
} from '../../../src/domain/health/function-checks.ts';
import {
  keyCheck,
  recoveryCheck,
  subscriptionChecks,
  tableChecks,
  timeToLiveCheck,
  topicCheck,
  topicGone,
  unencrypted,
  unreadTopic,
  type TableFacts,
} from '../../../src/domain/health/service-checks.ts';

const REGION = 'eu-central-1';
const FUNCTION = `arn:aws:lambda:${REGION}:111122223333:function:access-key-rotation`;
const TOPIC = `arn:aws:sns:${REGION}:111122223333:access-key-rotation`;
const KEY = `arn:aws:kms:${REGION}:111122223333:key/abc`;

const schedule = (facts: Partial<ScheduleFacts> = {}): ScheduleFacts => ({
  enabled: true,
  expression: 'cron(0 6 ? * MON *)',
  timezone: 'UTC',
  targetArn: FUNCTION,
  target: { Arn: FUNCTION },
  flexibleTimeWindow: { Mode: 'OFF' },
  ...facts,
});
const table = (facts: Partial<TableFacts> = {}): TableFacts => ({
  status: 'ACTIVE',
  keys: ['pk HASH S', 'sk RANGE S'],
  deletionProtected: true,
  keyId: KEY,
  ...facts,
});
const key = (state = 'Enabled', customerManaged = true) => ({ arn: KEY, state, customerManaged });
const runtime = (name: string, now: number) => runtimeCheck({ arn: FUNCTION, runtime: name }, REGION, now);
/** `name: status` of each. */
const said = (checks: readonly Check[]) => checks.map(({ name, status }) => `${name}: ${status}`);

describe('the runtime', () => {
  for (const [name, at, status] of [
    ['nodejs24.x', Date.UTC(2026, 0, 1), 'ok'],
    ['nodejs24.x', Date.UTC(2028, 0, 1), 'wrong'],
    ['nodejs22.x', Date.UTC(2026, 0, 1), 'ok'],
    ['nodejs22.x', Date.UTC(2026, 10, 25), 'wrong'],
    ['nodejs22.x', Date.UTC(2028, 0, 1), 'wrong'],
    ['nodejs20.x', Date.UTC(2026, 10, 25), 'wrong'],
    ['nodejs99.x', Date.UTC(2026, 0, 1), 'not-checked'],
  ] as const) {
    it(`${name} is ${status} in ${new Date(at).toISOString().slice(0, 7)}`, () => {
      expect(runtime(name, at).status).to.equal(status);
    });
  }

  it('is near its end from 180 days before it on', () => {
    const end = Date.UTC(2027, 3, 30);
    const day = 24 * 3_600_000;
    expect(runtime('nodejs22.x', end - 180 * day - 1).status).to.equal('ok');
    expect(runtime('nodejs22.x', end - 180 * day).status).to.equal('wrong');
  });

  it('says which runtime to change to, or that a newer version is needed', () => {
    expect(runtime('nodejs20.x', Date.UTC(2026, 10)).nextStep).to.match(/nodejs24\.x.+npx serverless deploy/);
    expect(runtime('nodejs24.x', Date.UTC(2028, 3)).nextStep).to.match(/newer version/);
  });

  it('of a container image is not checked', () => {
    expect(runtimeCheck({ arn: FUNCTION }, REGION, 0).status).to.equal('not-checked');
  });
});

const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:access-key-rotation';

describe('the scale', () => {
  for (const [title, machine, status, message] of [
    ['without a state machine', undefined, 'ok', /^lambda: /],
    ['with one', { arn: MACHINE, status: 'ACTIVE' }, 'ok', /^map: /],
    ['with one that is being deleted', { arn: MACHINE, status: 'DELETING' }, 'wrong', /deleting/],
  ] as const) {
    it(`${title}: ${status}`, () => {
      const check = scaleCheck(machine, REGION);
      expect(check.status).to.equal(status);
      expect(check.message).to.match(message);
    });
  }
});

describe('the schedule', () => {
  const ofFunction = { functionArn: FUNCTION };
  const ofMap = { functionArn: FUNCTION, machineArn: MACHINE };
  for (const [title, facts, toStart, expected] of [
    ['enabled, with the function', {}, ofFunction, ['ok', 'ok']],
    ['with an alias of the function', { targetArn: `${FUNCTION}:live` }, ofFunction, ['ok', 'ok']],
    ['disabled', { enabled: false }, ofFunction, ['wrong', 'ok']],
    ['with another function', { targetArn: `${FUNCTION}-old` }, ofFunction, ['ok', 'wrong']],
    ['with the state machine of a run by map', { targetArn: MACHINE }, ofMap, ['ok', 'ok']],
    ['with the function, where runs go by map', {}, ofMap, ['ok', 'wrong']],
    ['with a state machine that is not there', { targetArn: MACHINE }, ofFunction, ['ok', 'wrong']],
    ['with nothing to compare its target with', {}, {}, ['ok', 'not-checked']],
  ] as const) {
    it(`${title}: ${expected.join(', ')}`, () => {
      expect(scheduleChecks(schedule(facts), REGION, toStart).map(({ status }) => status)).to.deep.equal(
        expected,
      );
    });
  }

  it('is enabled by a command that keeps all the rest of it', () => {
    const [check] = scheduleChecks(schedule({ enabled: false, target: { Input: "it's" } }), REGION);
    expect(check?.nextStep).to.equal(
      `aws scheduler update-schedule --region eu-central-1 --name access-key-rotation --state ENABLED --schedule-expression 'cron(0 6 ? * MON *)' --schedule-expression-timezone UTC --flexible-time-window '{"Mode":"OFF"}' --target '{"Input":"it'\\''s"}'`,
    );
  });
});

describe('the table', () => {
  for (const [title, facts, wrongOnes] of [
    ['as deployed', {}, []],
    ['being updated', { status: 'UPDATING' }, []],
    ['being deleted', { status: 'DELETING' }, ['status']],
    ['unprotected', { deletionProtected: false }, ['deletion protection']],
    ['with one key only', { keys: ['pk HASH S'] }, ['keys']],
    ['with numbers for keys', { keys: ['pk HASH N', 'sk RANGE S'] }, ['keys']],
  ] as const) {
    it(`${title}: wrong is ${wrongOnes.join() || 'nothing'}`, () => {
      const found = tableChecks('ledger', table(facts), REGION).filter(({ status }) => status === 'wrong');
      expect(found.map(({ name }) => name)).to.deep.equal(wrongOnes);
      for (const { nextStep } of found) expect(nextStep).to.contain('aws ');
    });
  }

  for (const [title, facts, status] of [
    ['by expiresAt', { enabled: true, attribute: 'expiresAt' }, 'ok'],
    ['by something else', { enabled: true, attribute: 'ttl' }, 'wrong'],
    ['disabled', { enabled: false, attribute: 'expiresAt' }, 'wrong'],
  ] as const) {
    it(`with a time to live ${title} is ${status}`, () => {
      const { status: found, nextStep = '' } = timeToLiveCheck('ledger', facts, REGION);
      expect(found).to.equal(status);
      if (status === 'wrong') expect(nextStep).to.contain('Enabled=true,AttributeName=expiresAt');
    });
  }

  it('must be recoverable', () => {
    expect(recoveryCheck('ledger', true, REGION).status).to.equal('ok');
    expect(recoveryCheck('ledger', false, REGION).nextStep).to.contain('PointInTimeRecoveryEnabled=true');
  });
});

describe('the encryption key', () => {
  const used = { kind: 'table', name: 'ledger' } as const;
  it('is right when it is enabled and of the customer', () => {
    expect(keyCheck(key(), used, REGION).status).to.equal('ok');
  });
  it('that is disabled can be enabled', () => {
    expect(keyCheck(key('Disabled'), used, REGION).nextStep).to.match(/^aws kms enable-key .+abc$/);
  });
  it('that is to be deleted can be rescued', () => {
    expect(keyCheck(key('PendingDeletion'), used, REGION).nextStep).to.match(
      /cancel-key-deletion.+enable-key/,
    );
  });
  it('that AWS manages is as wrong as none', () => {
    const check = keyCheck(key('Enabled', false), used, REGION);
    expect(check).to.deep.equal(unencrypted(used, REGION));
    expect(check.nextStep).to.contain('KMSMasterKeyId=alias/access-key-rotation');
  });
  it('of a topic is set with a command for topics', () => {
    const { nextStep } = unencrypted({ kind: 'topic', arn: TOPIC }, REGION);
    expect(nextStep).to.match(/^aws sns set-topic-attributes .+alias\/access-key-rotation$/);
  });
});

describe('the subscriptions', () => {
  const mail = (confirmed: boolean) => ({ protocol: 'email', endpoint: "o'ops@example.com", confirmed });
  it('are missing when nobody is subscribed', () => {
    expect(said(subscriptionChecks({ arn: TOPIC }, []))).to.deep.equal(['subscriptions: wrong']);
  });
  it('are wrong one by one, as far as they are not confirmed', () => {
    const checks = subscriptionChecks({ arn: TOPIC }, [mail(true), mail(false)]);
    expect(checks.map(({ status }) => status)).to.deep.equal(['ok', 'wrong']);
    expect(checks[1]?.nextStep).to.contain(`--notification-endpoint 'o'\\''ops@example.com'`);
  });
});

describe('a topic that the settings name', () => {
  const arn = 'arn:aws:sns:eu-west-1:444455556666:digests';
  const accounts = Array.from({ length: 7 }, (_, index) => `account 00000000000${index}`);
  const topic = { arn, of: accounts, foreign: true } as const;

  it('is told with whose digests go there, by their first five', () => {
    const five = accounts.slice(0, 5).join(', ');
    expect(topicCheck(topic).message).to.equal(`${arn} exists, topicArn of ${five} and 2 more`);
    const [check] = subscriptionChecks(topic, []);
    expect([check?.name, check?.message]).to.deep.equal([
      `subscriptions of ${arn}`,
      `nobody is subscribed: nobody reads the digests of ${five} and 2 more`,
    ]);
    expect(topicGone({ arn, of: ['account 1'] }, REGION).message).to.include(
      `${arn} (topicArn of account 1)`,
    );
  });

  it('gets subscribers and a key in its own region, and not the key of the service', () => {
    expect(subscriptionChecks(topic, [])[0]?.nextStep).to.equal(
      `aws sns subscribe --region eu-west-1 --topic-arn ${arn} --protocol email --notification-endpoint security@example.com`,
    );
    const check = unencrypted({ kind: 'topic', ...topic }, 'eu-west-1');
    expect(check.name).to.equal(`of the topic ${arn}`);
    expect(check.nextStep)
      .to.match(/KEY_ARN$/)
      .and.not.to.include('alias/access-key-rotation');
  });
});

describe('a topic that nobody reads', () => {
  const by = (endpoint: string, confirmed: boolean) => ({ protocol: 'sqs', endpoint, confirmed });
  it('has no confirmed subscription', () => {
    expect(unreadTopic(TOPIC, [by('a', false), by('b', true)])).to.equal(undefined);
    const unread = unreadTopic(TOPIC, []);
    expect(unread?.message).to.include(`${TOPIC}: nobody is subscribed;`);
    expect(unread?.nextStep).to.match(/^aws sns subscribe --region eu-central-1 --topic-arn/);
  });
  it('needs a confirmation where there are subscriptions', () => {
    const unread = unreadTopic(TOPIC, [by('a', false), by('b', false)]);
    expect(unread?.message).to.include('not confirmed yet: a, b;');
    expect(unread?.nextStep).to.match(/^Confirm it/);
  });
});
