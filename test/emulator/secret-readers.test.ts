import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { adminOf, FIRST_MEMBER, NOW, refusalOf, userWith } from './clients.ts';

const ANNS_KEY = 'AKIAEXAMPLE000000001';
const ann = { userName: 'ann', path: '/team/', keys: [{ id: ANNS_KEY, createdAt: NOW }] };
const ARN_OF_ANN = `arn:aws:iam::${FIRST_MEMBER}:user/team/ann`;

const READ = 'secretsmanager:GetSecretValue';
const DESCRIBE = 'secretsmanager:DescribeSecret';
const says = (Effect: 'Allow' | 'Deny', principal: string, Action: string | string[], rest = {}) => ({
  Effect,
  Principal: principal === '*' ? '*' : { AWS: principal },
  Action,
  Resource: '*',
  ...rest,
});

const LINES: readonly (readonly [string, readonly object[], readonly [read: boolean, describe: boolean]])[] =
  [
    ['nobody without a policy', [], [false, false]],
    ['the user it names', [says('Allow', ARN_OF_ANN, [READ, DESCRIBE])], [true, true]],
    ['the user it names, to do what it names', [says('Allow', ARN_OF_ANN, READ)], [true, false]],
    ['a user whose path it forgot', [says('Allow', ARN_OF_ANN.replace('team/', ''), READ)], [false, false]],
    [
      "the account, which is a matter of the users' own policies",
      [says('Allow', `arn:aws:iam::${FIRST_MEMBER}:root`, READ)],
      [false, false],
    ],
    [
      'everybody but the user',
      [says('Allow', ARN_OF_ANN, [READ, DESCRIBE]), says('Deny', '*', READ)],
      [false, true],
    ],
    [
      'the user on a condition that holds',
      [
        says('Allow', ARN_OF_ANN, READ, {
          Condition: { StringEquals: { 'aws:PrincipalAccount': FIRST_MEMBER } },
        }),
      ],
      [true, false],
    ],
    [
      "the user on a condition that doesn't hold",
      [says('Allow', ARN_OF_ANN, READ, { Condition: { StringEquals: { 'aws:PrincipalAccount': '1' } } })],
      [false, false],
    ],
  ];

describe('emulator: the resource policy of a secret, when a user reads it, speaks of', () => {
  const emulator = emulatorForThisFile();

  for (const [title, statements, expected] of LINES) {
    it(title, async () => {
      await emulator().seed({ accounts: [{ name: 'app', users: [ann] }] });
      const { secrets } = await adminOf(emulator(), FIRST_MEMBER);
      await secrets.send(new CreateSecretCommand({ Name: 'ann', SecretString: 'x' }));
      if (statements.length > 0) {
        const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
        await secrets.send(new PutResourcePolicyCommand({ SecretId: 'ann', ResourcePolicy }));
      }
      const user = await userWith(emulator(), ANNS_KEY);
      const answers = [
        await refusalOf(user.secrets.send(new GetSecretValueCommand({ SecretId: 'ann' }))),
        await refusalOf(user.secrets.send(new DescribeSecretCommand({ SecretId: 'ann' }))),
      ];
      expect(answers).to.deep.equal(expected.map((may) => (may ? 'accepted' : 'AccessDeniedException')));
    });
  }

  it('a secret that is not there, which a user does not learn', async () => {
    await emulator().seed({ accounts: [{ name: 'app', users: [ann] }] });
    const { secrets } = await userWith(emulator(), ANNS_KEY);
    const reading = secrets.send(new GetSecretValueCommand({ SecretId: 'ann' }));
    expect(await refusalOf(reading)).to.equal('AccessDeniedException');
  });
});
