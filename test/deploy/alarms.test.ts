import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { NAMESPACE, SERVICE } from '../../src/telemetry.ts';
import { create, list, textOf, type Fields, type Resource, type Stack } from './cloudformation.ts';
import { packagedByDefault } from './packaged.ts';
import { ofType, statementsOf } from './roles.ts';

/** How an alarm sees a moment in which nobody says anything. */
type Silence = 'breaching' | 'notBreaching' | 'ignore';

const ALARMS: Readonly<Record<string, readonly [when: string, section: string, Silence]>> = {
  RunMissingAlarm: ['Maximum DaysSinceLastRun > 8 in 86400 s', 'run-missing', 'ignore'],
  WatchMissingAlarm: ['SampleCount DaysSinceLastRun < 1 in 2 x 86400 s', 'run-missing', 'breaching'],
  RunFailedAlarm: ['Sum RunsFailed >= 1 in 3600 s', 'run-failed', 'notBreaching'],
  RunErrorsAlarm: ['Sum Errors >= 1 in 3600 s', 'run-failed', 'notBreaching'],
  AccountUnreachableAlarm: [
    'Maximum AccountsUnreachableAgain >= 1 in 3600 s',
    'account-unreachable',
    'ignore',
  ],
  NoReadersAlarm: ['Maximum AccountsWithoutReaders >= 1 in 3600 s', 'no-readers', 'ignore'],
  PartialAlarm: ['Sum ActionsPartial >= 1 in 3600 s', 'partial', 'notBreaching'],
  OldestKeyAlarm: ['Maximum OldestActiveKeyDays > 115 in 3600 s', 'oldest-key', 'ignore'],
  DeadLettersAlarm: ['Maximum ApproximateNumberOfMessagesVisible >= 1 in 300 s', 'dead-letters', 'ignore'],
};

const SIGNS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
};

/** What the functions emit; each is looked for in the code below. */
const METRICS = [
  'RunsFinished',
  'RunsFailed',
  'AccountsRotated',
  'AccountsUnreachable',
  'AccountsUnreachableAgain',
  'AccountsNotStarted',
  'AccountsWithoutReaders',
  'KeysReplaced',
  'KeysDeactivated',
  'KeysDeleted',
  'KeysHeld',
  'KeysHeldByOrganizationLimit',
  'KeysHeldByReaders',
  'KeysBlocked',
  'ActionsFailed',
  'ActionsPartial',
  'OldestActiveKeyDays',
  'UsersNeedingAPerson',
  'RunDuration',
  'AwsCalls',
  'AwsThrottles',
  'ReportsNotKept',
  'DaysSinceLastRun',
];

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const whenOf = ({ Properties: alarm }: Resource): string => {
  const { Statistic, MetricName, ComparisonOperator, Threshold, EvaluationPeriods, Period } = alarm;
  const sign = SIGNS[textOf(ComparisonOperator)] ?? '?';
  const times = EvaluationPeriods === 1 ? '' : `${textOf(EvaluationPeriods)} x `;
  return `${textOf(Statistic)} ${textOf(MetricName)} ${sign} ${textOf(Threshold)} in ${times}${textOf(Period)} s`;
};

const dimensionsOf = ({ Properties: alarm }: Resource): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (list(alarm['Dimensions']) as readonly Fields[]).map((one) => [
      textOf(one['Name']),
      textOf(one['Value']),
    ]),
  );

describe('the alarms', () => {
  let stack: Stack;

  const resource = (name: string): Resource => {
    const found = stack.resources[name];
    if (found === undefined) throw new Error(`the stack has no ${name}`);
    return found;
  };

  before(async function () {
    stack = create((await packagedByDefault()).template);
  });

  it('are these', () =>
    expect(ofType(stack, 'AWS::CloudWatch::Alarm')).to.have.length(Object.keys(ALARMS).length));

  for (const [name, [when, section, silence]] of Object.entries(ALARMS)) {
    it(`tell the operators of ${section}: ${when}`, () => {
      const alarm = resource(name);
      expect(whenOf(alarm)).to.equal(when);
      expect(alarm.Properties).to.deep.include({
        TreatMissingData: silence,
        AlarmActions: ['OperatorsTopic'],
      });
    });

    it(`lead from ${name} to what to do`, () => {
      const { AlarmDescription } = resource(name).Properties;
      expect(AlarmDescription).to.match(new RegExp(`See docs/operations\\.md#${section}$`));
      expect(read('docs/operations.md').split('\n')).to.include(`### ${section}`);
    });
  }

  it('look where the metrics are', () => {
    for (const name of Object.keys(ALARMS)) {
      const alarm = resource(name);
      const { Namespace } = alarm.Properties;
      const dimensions = dimensionsOf(alarm);
      if (Namespace === NAMESPACE) expect(dimensions, name).to.deep.equal({ service: SERVICE });
      else if (Namespace === 'AWS/Lambda') {
        expect(dimensions, name).to.deep.equal({ FunctionName: 'RotateLambdaFunction' });
      } else expect(dimensions, name).to.deep.equal({ QueueName: 'FailedRuns.QueueName' });
    }
  });

  it('look for metrics that the code emits', () => {
    const code = read('src/report/data/metrics.ts') + read('src/watch.ts');
    for (const metric of METRICS) expect(code).to.match(new RegExp(`\\b${metric}\\b`));
  });

  it('know how old is too old by a parameter', async () => {
    const { template } = await packagedByDefault();
    const { resources } = create(template, { OldestKeyDays: '200' });
    expect(resources['OldestKeyAlarm']?.Properties['Threshold']).to.equal('200');
  });

  it('go to a topic of their own, which alarms of no other account can use', () => {
    const [allowed, denied, ...others] = statementsOf(
      resource('OperatorsTopicPolicy').Properties['PolicyDocument'],
    );
    expect(allowed).to.deep.include({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Condition: { StringEquals: { 'aws:SourceAccount': '999988887777' } },
    });
    expect(denied).to.deep.include({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': false } } });
    expect(others).to.deep.equal([]);
    expect(stack.resources).not.to.have.property('OperatorsEmailSubscription');
  });

  describe('and the dashboard', () => {
    interface Widget {
      readonly type: string;
      readonly x: number;
      readonly width: number;
      readonly properties: {
        readonly region?: string;
        readonly alarms?: readonly string[];
        readonly metrics?: readonly (readonly [namespace: string, name: string, ...rest: unknown[]])[];
      };
    }
    let widgets: readonly Widget[];

    before(() => {
      const body = resource('Dashboard').Properties['DashboardBody'] as string;
      ({ widgets } = JSON.parse(body) as { widgets: readonly Widget[] });
    });

    it('show every alarm', () => {
      const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);
      const arn = (name: string) => `arn:aws-cn:cloudwatch:cn-north-1:999988887777:alarm:${name}`;
      expect(shown).to.have.members(Object.keys(ALARMS).map(arn));
    });

    it('show every metric', () => {
      const shown = widgets.flatMap(({ properties }) => properties.metrics ?? []);
      const own = shown.filter(([namespace]) => namespace === NAMESPACE);
      expect(own.map(([, name]) => name)).to.have.members(METRICS);
      for (const [, name, dimension, value] of own) {
        expect([dimension, value], name).to.deep.equal(['service', SERVICE]);
      }
    });

    it('fit onto the screen, in this region', () => {
      for (const { type, x, width, properties } of widgets) {
        expect(x + width).to.be.at.most(24);
        if (type === 'metric') expect(properties.region).to.equal('cn-north-1');
      }
    });
  });
});
