import { expect } from 'chai';
import { centralReaderPolicies } from '../../../src/domain/secrets/central-secret-access.ts';

const KEY = 'arn:aws-us-gov:kms:us-gov-west-1:999999999999:key/mrk-1';
const USER = 'arn:aws-us-gov:iam::111111111111:user/service/svc,1';
const reader = {
  userArn: USER,
  userName: 'svc,1',
  accountId: '111111111111',
  serviceAccountId: '999999999999',
  region: 'us-gov-west-1',
  kmsKeyArn: KEY,
};

describe('whoever reads a central secret', () => {
  const { identityPolicy, keyPolicyStatement } = centralReaderPolicies(reader);

  it('needs to be allowed its own secret and no other, in the account of the service', () => {
    expect(identityPolicy.Statement).to.deep.equal([
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource:
          'arn:aws-us-gov:secretsmanager:us-gov-west-1:999999999999:secret:access-key-rotation/central/111111111111/svc/2C1-??????',
      },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY },
    ]);
  });

  it('needs the key to admit it, through Secrets Manager only', () => {
    expect(keyPolicyStatement).to.deep.include({
      Effect: 'Allow',
      Principal: { AWS: USER },
      Action: 'kms:Decrypt',
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-gov-west-1.amazonaws.com' } },
    });
  });

  it('in China goes by the names that AWS has there', () => {
    const china = centralReaderPolicies({
      ...reader,
      userArn: USER.replaceAll('aws-us-gov', 'aws-cn'),
      region: 'cn-north-1',
    });
    expect(china.keyPolicyStatement.Condition).to.deep.equal({
      StringEquals: { 'kms:ViaService': 'secretsmanager.cn-north-1.amazonaws.com.cn' },
    });
    expect(china.identityPolicy.Statement[0]?.Resource).to.match(/^arn:aws-cn:secretsmanager:cn-north-1:/);
  });
});
