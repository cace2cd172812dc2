import type { IAMClient } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import {
  accountClients,
  accountExaminer,
  stsAccountAccess,
} from '../../../src/aws/doctor/account-examiner.ts';
import { systemClock } from '../../../src/compose/environment.ts';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../../support/world.ts';
import { adminOf, callsOf, failureOf, FIRST_MEMBER, MANAGEMENT, settingsFor } from '../support.ts';

const EXTERNAL_ID = 'the-right-one';
const role = { roleName: 'access-key-rotation', rolePath: '/' };

describe('the doors of accounts', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  before(async () => {
    world = await createWorld(emulator(), {
      accounts: [
        { name: 'app', memberRole: { externalId: EXTERNAL_ID }, users: [userWithKey('ann', { age: 5 })] },
        { name: 'open', users: [] },
      ],
    });
  });
  const doors = (externalId?: string) =>
    stsAccountAccess(
      settingsFor(emulator(), world.organization.credentials),
      { role, runId: 'run-1', ...(externalId === undefined ? {} : { externalId }) },
      world.clock,
    );

  it('know where the caller is', async () => {
    expect(await doors().identity()).to.include({ accountId: MANAGEMENT, partition: 'aws' });
  });

  it('open to the external id only, where the role asks for one', async () => {
    const examiner = await doors(EXTERNAL_ID).enter(FIRST_MEMBER);
    expect((await examiner.firstUser())?.userName).to.equal('ann');
    expect((await failureOf(doors('wrong').enter(FIRST_MEMBER))).kind).to.equal('denied');
    expect((await failureOf(doors(EXTERNAL_ID).enterWithoutExternalId(FIRST_MEMBER))).kind).to.equal(
      'denied',
    );
    await doors(EXTERNAL_ID).enterWithoutExternalId('111111111102');
  });

  it('lead into the account of the caller by the same role', async () => {
    const examiner = await doors().enter(MANAGEMENT);
    expect(await examiner.firstUser()).to.equal(undefined);
    const [entered] = (await callsOf(emulator(), 'sts:AssumeRole')).slice(-1);
    expect(entered?.params['RoleArn']).to.equal(`arn:aws:iam::${MANAGEMENT}:role/access-key-rotation`);
  });

  it('lead into sessions that can only read', async () => {
    await doors(EXTERNAL_ID).enter(FIRST_MEMBER);
    const calls = await callsOf(emulator(), 'sts:AssumeRole');
    const { Statement } = JSON.parse(calls.at(-1)?.params['Policy'] ?? '') as {
      Statement: [{ Action: string[] }];
    };
    expect(Statement).to.have.length(1);
    for (const action of Statement[0].Action) {
      expect(action).to.match(
        /^(cloudtrail:Lookup|iam:(List|Get|GenerateCredentialReport|SimulatePrincipalPolicy)|secretsmanager:Describe)/,
      );
    }
  });
});

describe('the examiner of an account', () => {
  const emulator = emulatorForThisFile();
  const examiner = async () => accountExaminer(accountClients(await adminOf(emulator()), systemClock));
  before(async () => {
    await createWorld(emulator(), {
      accounts: [{ name: 'app', users: [userWithKey('ann', { age: 5 }), userWithKey('bob', { age: 5 })] }],
    });
  });

  it('asks for one user, however many there are', async () => {
    const user = await (await examiner()).firstUser();
    const arn = `arn:aws:iam::${FIRST_MEMBER}:user/ann`;
    expect(user).to.deep.include({ userName: 'ann', arn, path: '/' });
    expect((await callsOf(emulator(), 'iam:ListUsers')).at(-1)?.params['MaxItems']).to.equal('1');
  });

  it('takes "no such secret" for a permission, and a denial for none', async () => {
    await (await examiner()).describeSecret('access-key-rotation/none');
    await emulator().inject({
      action: 'secretsmanager:DescribeSecret',
      kind: 'error',
      code: 'AccessDeniedException',
      times: 1,
    });
    const { kind, during } = await failureOf((await examiner()).describeSecret('access-key-rotation/none'));
    expect([kind, during]).to.deep.equal(['denied', 'secretsmanager:DescribeSecret']);
  });

  it('tries to look up who uses a key, and says with which parameter it works', async () => {
    await (await examiner()).lookUpUsage();
    await emulator().inject({
      action: 'cloudtrail:LookupEvents',
      kind: 'error',
      code: 'AccessDeniedException',
      times: 1,
    });
    const failure = await failureOf((await examiner()).lookUpUsage());
    expect(failure).to.include({ kind: 'denied', during: 'cloudtrail:LookupEvents' });
    expect(failure.nextStep).to.include('AllowUsage=true');
  });

  it('understands what a simulation says, to its last page', async () => {
    const clients = accountClients(await adminOf(emulator()), systemClock);
    const result = (EvalActionName: string, EvalDecision: string, ...MissingContextValues: string[]) => ({
      EvalActionName,
      EvalDecision,
      MissingContextValues,
    });
    const asked = answering(clients.iam, [
      {
        EvaluationResults: [result('iam:A', 'allowed', 'aws:x'), result('iam:B', 'explicitDeny')],
        IsTruncated: true,
        Marker: 'more',
      },
      { EvaluationResults: [result('iam:C', 'implicitDeny'), result('iam:D', 'implicitDeny', 'aws:x')] },
    ]);
    const found = await accountExaminer(clients).simulate('arn:role', ['iam:A', 'iam:B'], 'arn:user');
    expect(found.map(({ action, verdict }) => `${action} ${verdict}`)).to.deep.equal([
      'iam:A allowed',
      'iam:B denied',
      'iam:C denied',
      'iam:D depends',
    ]);
    expect(asked[0]).to.deep.include({
      PolicySourceArn: 'arn:role',
      ActionNames: ['iam:A', 'iam:B'],
      ResourceArns: ['arn:user'],
    });
    expect(asked[1]).to.deep.include({ Marker: 'more' });
  });
});

/** A client that gives these answers in turn, without a wire. Returns what it was asked. */
function answering(client: IAMClient, answers: readonly object[]): readonly object[] {
  const asked: object[] = [];
  const answer =
    () =>
    async ({ input }: { readonly input: object }) => {
      asked.push(input);
      return { response: {}, output: { $metadata: {}, ...answers[asked.length - 1] } };
    };
  client.middlewareStack.add(answer, { step: 'initialize', name: 'answering' });
  return asked;
}
