import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  create,
  list,
  parseTemplate,
  readTemplate,
  textOf,
  type Fields,
  type Value,
} from './cloudformation.ts';
import { rightsOf, trustOf, type Statement } from './roles.ts';
import { AGREED, file, roleOf } from './templates-for-accounts.ts';
import { blockOf, blocksOf, statementsIn, textsOf, type Known } from './terraform.ts';

const SERVICE = '111122223333';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the member role as a stack set', () => {
  const template = readTemplate(file('member-role-stackset'));
  const given = { CallAs: 'DELEGATED_ADMIN', OrganizationalUnitIds: 'r-ab12', ...AGREED };
  const setWith = (parameters: Readonly<Record<string, string>> = {}): Fields => {
    const [set, ...others] = Object.values(create(template, { ...given, ...parameters }).resources);
    if (set?.Type !== 'AWS::CloudFormation::StackSet' || others.length > 0) throw new Error('not just a set');
    return set.Properties;
  };
  const parametersOf = (set: Fields): Readonly<Record<string, Value | undefined>> =>
    Object.fromEntries(
      (list(set['Parameters']) as readonly Fields[]).map((one) => [
        one['ParameterKey'],
        one['ParameterValue'],
      ]) as [string, Value][],
    );

  it('reaches every account that joins, in one region', () =>
    expect(setWith()).to.deep.include({
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'DELEGATED_ADMIN',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      StackInstancesGroup: [
        { DeploymentTargets: { OrganizationalUnitIds: ['r-ab12'] }, Regions: ['cn-north-1'] },
      ],
    }));

  it('is made in the management account or by a delegated administrator, below real units', () => {
    setWith({ CallAs: 'SELF', OrganizationalUnitIds: 'ou-ab12-34cd56ef,ou-ab12-34cd56ee' });
    expect(() => setWith({ CallAs: 'ME' })).to.throw('CallAs');
    expect(() => setWith({ OrganizationalUnitIds: 'Production' })).to.throw('OrganizationalUnitIds');
  });

  it('brings the template for one account, word for word', () => {
    // If this fails: copy resources/member-role.yml into TemplateBody of resources/member-role-stackset.yml.
    expect(setWith()['TemplateBody']).to.equal(read('resources/member-role.yml'));
  });

  it('makes no role in the account of the service, if it reaches that', () => {
    // The one of the service's stack has the same name, and one of the two stacks would fail.
    const parameters = parametersOf(setWith({ ServiceAccountId: SERVICE })) as Record<string, string>;
    const brought = parseTemplate(textOf(setWith()['TemplateBody']));
    const rolesIn = (account: string) =>
      Object.keys(create(brought, { ...parameters, 'AWS::AccountId': account }).resources);
    expect(rolesIn(SERVICE)).to.deep.equal([]);
    expect(rolesIn('444455556666')).to.deep.equal(['MemberRole']);
  });

  it('hands on every parameter, but those that name something in one account', () => {
    const inOneAccount = ['SecretKmsKeyArn', 'PermissionsBoundary'];
    const all = Object.keys(readTemplate(file('member-role')).Parameters ?? {});
    const handedOn = Object.keys(parametersOf(setWith()));
    expect([...handedOn, ...inOneAccount]).to.have.members(all);
  });

  it('has the defaults and the limits of the template for one account', () => {
    const single = readTemplate(file('member-role')).Parameters ?? {};
    for (const [name, { Default, AllowedPattern }] of Object.entries(template.Parameters ?? {})) {
      if (['CallAs', 'OrganizationalUnitIds', 'ServiceAccountId'].includes(name)) continue;
      expect({ Default, AllowedPattern }, name).to.deep.equal({
        Default: single[name]?.Default,
        AllowedPattern: single[name]?.AllowedPattern,
      });
    }
  });

  it('takes its own account for that of the service unless told otherwise', () => {
    expect(parametersOf(setWith())).to.include({ ServiceAccountId: '999988887777' });
    const other = { ServiceAccountId: SERVICE, ExternalId: 'another', OrganizationId: 'o-0123456789' };
    expect(parametersOf(setWith(other))).to.include(other);
  });

  it('is not made without what was agreed upon', () => {
    for (const name of Object.keys(AGREED)) {
      expect(() => setWith({ [name]: '' }), name).to.throw(`${name}: ${name} must be `);
    }
  });
});

describe('the member role in Terraform', () => {
  const blocks = blocksOf(read('examples/terraform/member-role.tf'));
  const everything = {
    ServiceAccountId: SERVICE,
    ServiceRoleName: 'service',
    OperatorArn: `arn:aws-cn:iam::${SERVICE}:role/operators`,
    ExternalId: 'agreed-upon',
    OrganizationId: 'o-ab12cd34ef',
    RoleName: 'rotator',
    RolePath: '/security/',
    UserPath: '/machines/',
    AllowUsage: 'true',
    SecretKmsKeyArn:
      'arn:aws-cn:kms:cn-north-1:999988887777:key/1234,arn:aws-cn:kms:cn-northwest-1:999988887777:key/5678',
    PermissionsBoundary: 'arn:aws-cn:iam::999988887777:policy/boundary',
  };
  const variable = (parameter: string): string => parameter.replaceAll(/(?<!^)[A-Z]/g, '_$&').toLowerCase();
  const defaults = Object.fromEntries(
    Object.entries(readTemplate(file('member-role')).Parameters ?? {}).flatMap(([name, { Default }]) =>
      typeof Default === 'string' ? [[name, Default]] : [],
    ),
  );
  const known = (parameters: Readonly<Record<string, string>>): Known => ({
    'data.aws_partition.current.partition': 'aws-cn',
    'data.aws_partition.current.dns_suffix': 'amazonaws.com.cn',
    'data.aws_caller_identity.current.account_id': '999988887777',
    ...Object.fromEntries(
      Object.entries({ ...defaults, ...parameters }).map(([name, value]) => [`var.${variable(name)}`, value]),
    ),
  });
  const policy = (name: string, parameters: Readonly<Record<string, string>>) =>
    statementsIn(blockOf(blocks, 'data', 'aws_iam_policy_document', name), known(parameters));

  it('has the same variables with the same defaults', () => {
    const variables = blocks.filter(({ type }) => type === 'variable');
    const found = variables.map(({ labels: [name = ''], attributes }) => [name, attributes['default']]);
    const expected = Object.keys(everything).map((name) => [
      variable(name),
      name in defaults ? `"${defaults[name] ?? ''}"` : undefined,
    ]);
    expect(found).to.have.deep.members(expected);
  });

  for (const [what, parameters] of [
    ['with nothing optional', { ServiceAccountId: SERVICE, ...AGREED }],
    ['with everything', everything],
  ] as const) {
    const role = roleOf('member-role', parameters);

    it(`trusts the same, ${what}`, () =>
      expect(policy('trust', parameters).map(asLists)).to.deep.equal(trustOf(role).map(asLists)));

    it(`allows the same, ${what}`, () =>
      expect(policy('rights', parameters).map(asLists)).to.deep.equal(rightsOf(role).map(asLists)));
  }

  it('goes by the same name, path and boundary', () => {
    const { attributes } = blockOf(blocks, 'resource', 'aws_iam_role', 'member');
    const { RoleName, RolePath } = everything;
    expect(textsOf(attributes['name'] ?? '', known(everything))).to.deep.equal([RoleName]);
    expect(textsOf(attributes['path'] ?? '', known(everything))).to.deep.equal([RolePath]);
    expect(attributes['max_session_duration']).to.equal('3600');
    expect(attributes['permissions_boundary']).to.include('var.permissions_boundary');
  });
});

/** IAM makes no difference between one and a list of it. */
const asLists = ({ Action, Resource, Principal, Condition, ...rest }: Statement) => ({
  ...rest,
  Action: list(Action),
  Resource: list(Resource),
  Principal: eachAList(Principal as Fields | undefined),
  Condition: Object.fromEntries(
    Object.entries(Condition ?? {}).map(([test, values]) => [test, eachAList(values as Fields)]),
  ),
});

const eachAList = (fields: Fields | undefined) =>
  Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, list(value)]));
