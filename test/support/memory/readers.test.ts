import { expect } from 'chai';
import { TOPIC_ARN } from '../builders.ts';
import { memoryOrganization } from './organization.ts';
import { memoryReaders } from './readers.ts';

describe('the readers in memory', () => {
  it('are there until a test says otherwise, topic by topic', async () => {
    const readers = memoryReaders();
    readers.set(TOPIC_ARN, 'nobody');
    const of = (arn: string) => readers.port.of(arn, { attributes: {} });
    expect([await of(TOPIC_ARN), await of(`${TOPIC_ARN}-1`)]).to.deep.equal(['nobody', 'somebody']);
    expect(readers.port.failureOf(TOPIC_ARN)).to.equal(undefined);
  });

  it('are looked up once in a run, and what was not known then stays unknown', async () => {
    const { run } = memoryOrganization();
    const answers: string[] = [];
    let left = 1;
    const { publishing } = run({
      around: async ({ name }, proceed) =>
        name === 'readers.of' && left-- > 0 ? 'unknown' : await proceed(),
    });
    for (const arn of [TOPIC_ARN, TOPIC_ARN, `${TOPIC_ARN}-1`])
      answers.push((await publishing?.readers.of(arn, { attributes: {} })) ?? '');
    expect(answers).to.deep.equal(['unknown', 'unknown', 'somebody']);
  });

  it('are those of a run, whose key is known where it has one', async () => {
    const organization = memoryOrganization();
    const { publishing, sessions } = organization.run();
    organization.readers.set(TOPIC_ARN, 'unknown');
    expect(await publishing?.readers.of(TOPIC_ARN, { attributes: {} })).to.equal('unknown');
    expect(publishing?.readers.failureOf(TOPIC_ARN)).to.equal(undefined);
    expect(await sessions.signingKeyId()).to.equal(undefined);
    organization.signWith('AKIA1');
    expect(await sessions.signingKeyId()).to.equal('AKIA1');
  });
});
