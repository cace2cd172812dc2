/** What the roles of a stack may do, and who may have them. */
import { list, type Fields, type Resource, type Stack, type Value } from './cloudformation.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: Value;
  readonly Action: Value;
  readonly Resource?: Value;
  readonly Condition?: Fields;
}

export const ofType = (stack: Stack, type: string): readonly Resource[] =>
  Object.values(stack.resources).filter(({ Type }) => Type === type);

export const statementsOf = (document: Value | undefined): readonly Statement[] =>
  list((document as Fields | undefined)?.['Statement']) as unknown as readonly Statement[];

export const trustOf = (role: Resource): readonly Statement[] =>
  statementsOf(role.Properties['AssumeRolePolicyDocument']);

/** Of all its policies. */
export const rightsOf = (role: Resource): readonly Statement[] =>
  list(role.Properties['Policies']).flatMap((policy) => statementsOf((policy as Fields)['PolicyDocument']));

export const actionsOf = (statements: readonly Statement[]): readonly string[] =>
  statements.flatMap(({ Action }) => list(Action) as readonly string[]).toSorted();

export const allowedActionsOf = (statements: readonly Statement[]): readonly string[] =>
  actionsOf(statements.filter(({ Effect }) => Effect === 'Allow'));

/** On what an action is allowed. */
export const whereAllowed = (statements: readonly Statement[], action: string): readonly Value[] =>
  statements.filter(({ Action }) => list(Action).includes(action)).flatMap(({ Resource }) => list(Resource));

/** Every statement of a stack's roles and policies, by the name of its resource. */
export const allStatements = (stack: Stack): readonly (readonly [string, Statement])[] =>
  Object.entries(stack.resources).flatMap(([name, resource]) =>
    ['PolicyDocument', 'KeyPolicy', 'AssumeRolePolicyDocument']
      .flatMap((property) => statementsOf(resource.Properties[property]))
      .concat(rightsOf(resource))
      .map((statement) => [name, statement] as const),
  );
