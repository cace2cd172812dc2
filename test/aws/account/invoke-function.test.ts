import { LambdaClient } from '@aws-sdk/client-lambda';
import { expect } from 'chai';
import { invokeFunction, mayInvoke } from '../../../src/aws/account/invoke-function.ts';
import { deployFunction } from '../../cli/function-world.ts';
import { startFunction, type DeployedFunction } from '../../support/deployed-function.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { failureOf, once } from '../support.ts';

const NAME = 'access-key-rotation';

describe('the invocation of a function', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let deployed: DeployedFunction;
  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [] });
    await deployFunction(world, {});
    deployed = await startFunction(emulator().endpoint, async (event) => ({ got: event }));
    await emulator().forgetCalls();
  });
  afterEach(() => {
    deployed.close();
  });
  const settings = () => ({ ...world.aws, endpoint: deployed.endpoint });
  const asked = async () =>
    (await emulator().calls()).filter(({ action }) => action === 'lambda:InvokeFunction').length;

  it('hands over what is sent and what is returned', async () => {
    expect(await invokeFunction(settings(), NAME, { command: 'apply' })).to.deep.equal({
      got: { command: 'apply' },
    });
  });

  for (const [title, instead] of [
    ['no answer comes in time', { silent: true }],
    ['the answer gets lost', { lost: true }],
    ['Lambda fails', { status: 503 }],
  ] as const) {
    it(`is sent once where ${title}, and may have been done`, async () => {
      deployed.answerWith(instead);
      const failure = await failureOf(invokeFunction({ ...settings(), requestTimeout: 300 }, NAME, {}));
      expect(failure).to.include({ kind: 'transient', during: 'lambda:InvokeFunction' });
      expect(failure.nextStep).to.include('may still be at work');
      expect(await asked()).to.equal(1);
    });
  }

  it('was not sent where nobody takes the connection, and says what to check', async () => {
    const failure = await failureOf(
      invokeFunction({ ...settings(), endpoint: 'http://127.0.0.1:9' }, NAME, {}),
    );
    expect(failure).to.include({ cause: 'network' });
    expect(failure.nextStep).to.include('AWS_ENDPOINT_URL');
  });

  it('can be asked for without being made', async () => {
    const lambda = new LambdaClient(once(settings()));
    await mayInvoke(lambda, NAME);
    expect((await failureOf(mayInvoke(lambda, 'another'))).kind).to.equal('not-found');
    await emulator().inject({
      action: 'lambda:InvokeFunction',
      kind: 'error',
      code: 'AccessDeniedException',
    });
    expect((await failureOf(mayInvoke(lambda, NAME))).kind).to.equal('denied');
    expect(deployed.events).to.deep.equal([]);
  });
});
