import type { Failure } from '../errors.ts';
import {
  deployAgain,
  notChecked,
  ok,
  quoted,
  SERVICE,
  stackOutput,
  verdict,
  wrong,
  type Area,
  type Check,
} from './check.ts';
import { partsOfTopic } from '../subscriptions/subscription.ts';

/* Verdicts on where the service stores and publishes: table, topics and their keys. */

export interface TableFacts {
  readonly status: string;
  /** `pk HASH S`, in the order of the schema. */
  readonly keys: readonly string[];
  readonly deletionProtected: boolean;
  /** Absent: encrypted with a key that DynamoDB owns. */
  readonly keyId?: string;
}

const KEYS = ['pk HASH S', 'sk RANGE S'];

export function tableChecks(name: string, table: TableFacts, region: string): readonly Check[] {
  const { status, keys, deletionProtected } = table;
  const works = status === 'ACTIVE' || status === 'UPDATING';
  return [
    verdict('table', 'status', works, `${name} is ${status.toLowerCase()}`, {
      message: `${name} is in status ${status}`,
      nextStep: `See why, and wait until it is active: aws dynamodb describe-table --region ${region} --table-name ${name}`,
    }),
    verdict('table', 'keys', keys.join() === KEYS.join(), 'pk and sk', {
      message: `the table has the keys ${keys.join(', ')}, not ${KEYS.join(', ')}; they can't be changed`,
      nextStep: `Set the table of the stack: export ROTATION_TABLE_NAME=$(${stackOutput(region, 'TableName')})`,
    }),
    verdict('table', 'deletion protection', deletionProtected, 'enabled', {
      message: 'the table can be deleted by a slip of the hand',
      nextStep: `aws dynamodb update-table --region ${region} --table-name ${name} --deletion-protection-enabled`,
    }),
  ];
}

/** Rows that ended are kept for ever without it, and leases with them. */
export const timeToLiveCheck = (
  name: string,
  { enabled, attribute }: { readonly enabled: boolean; readonly attribute?: string },
  region: string,
): Check =>
  verdict('table', 'time to live', enabled && attribute === 'expiresAt', 'by expiresAt', {
    message: enabled
      ? `by ${attribute ?? 'nothing'}, not by expiresAt`
      : 'disabled: old rows are never removed',
    nextStep: `aws dynamodb update-time-to-live --region ${region} --table-name ${name} --time-to-live-specification Enabled=true,AttributeName=expiresAt`,
  });

export const recoveryCheck = (name: string, enabled: boolean, region: string): Check =>
  verdict('table', 'point-in-time recovery', enabled, 'enabled', {
    message: 'a table that was damaged could not be restored',
    nextStep: `aws dynamodb update-continuous-backups --region ${region} --table-name ${name} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
  });

export interface SubscriptionFacts {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

/** A topic that digests are published to. */
export interface DigestTopic {
  readonly arn: string;
  /** Who has it as topicArn, in words. Absent: it is the one of the deployment. */
  readonly of?: readonly string[];
  /** Not in the account and the region of the service: its key isn't that of the service. */
  readonly foreign?: true;
}

/** A topic may be used by hundreds of accounts. */
const MOST_NAMED = 5;

/** Whose digests are published to a topic that the settings name. */
function whoseDigests(of: readonly string[]): string {
  const more = of.length - MOST_NAMED;
  return `${of.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `status`, and where there are many: `status of arn:aws:sns:...`. */
export const aboutTopic = (what: string, { arn, of }: DigestTopic): string =>
  of === undefined ? what : `${what} of ${arn}`;

export function topicCheck(topic: DigestTopic): Check {
  const { arn, of } = topic;
  const used = of === undefined ? '' : `, topicArn of ${whoseDigests(of)}`;
  return ok('topic', aboutTopic('status', topic), `${arn} exists${used}`);
}

export function subscriptionChecks(
  topic: DigestTopic,
  subscriptions: readonly SubscriptionFacts[],
): readonly Check[] {
  const { arn, of } = topic;
  if (subscriptions.length === 0) {
    const digests = of === undefined ? 'a digest' : `the digests of ${whoseDigests(of)}`;
    return [
      wrong(
        'topic',
        aboutTopic('subscriptions', topic),
        `nobody is subscribed: nobody reads ${digests}`,
        subscribe(arn),
      ),
    ];
  }
  return subscriptions.map(({ protocol, endpoint, confirmed }) =>
    verdict('topic', aboutTopic(`subscription of ${endpoint}`, topic), confirmed, `${protocol}, confirmed`, {
      message: 'not confirmed: this subscriber gets nothing',
      nextStep: `${CONFIRM} To have it sent again: ${subscribe(arn, protocol, endpoint)}`,
    }),
  );
}

/** Whose digests nobody gets, or perhaps nobody, although somebody is subscribed. */
export interface Unread {
  readonly nobody: readonly string[];
  readonly unknown: readonly string[];
  /** Why it isn't known, where a call failed. */
  readonly failure: Failure | undefined;
}

/** A notice counts only where somebody gets the digest that it stands in. */
export function readersCheck(topic: DigestTopic, { nobody, unknown, failure }: Unread): readonly Check[] {
  const name = aboutTopic('readers', topic);
  const checks: Check[] = [];
  if (nobody.length > 0) {
    checks.push(
      wrong(
        'topic',
        name,
        `no subscription is sure to get the digests of ${whoseDigests(nobody)}: notices in them don't count, and nothing that must be announced is done`,
        `access-key-rotation subscribe --email security@example.com ${nobody.length <= MOST_NAMED ? `--account ${nobody.join(' ')}` : '--all'}`,
      ),
    );
  }
  if (unknown.length > 0) {
    const why = failure === undefined ? 'their filters are not understood' : formatFailure(failure);
    checks.push(
      notChecked(
        'topic',
        name,
        `whether a subscription gets the digests of ${whoseDigests(unknown)} is not known (${why}); until it is, nothing that must be announced is done`,
        failure?.nextStep ?? SIMPLER,
      ),
    );
  }
  return checks.length > 0 ? checks : [ok('topic', name, 'somebody gets every digest')];
}

const SIMPLER = 'Subscribe somebody without a filter, or with one on accountId.';

const formatFailure = ({ during, message }: Failure): string => `${during}: ${message}`;

/** On such a topic nobody sees a notice, and so none counts. */
export function unreadTopic(
  topicArn: string,
  subscriptions: readonly SubscriptionFacts[],
): { readonly message: string; readonly nextStep: string } | undefined {
  if (subscriptions.some(({ confirmed }) => confirmed)) return undefined;
  const waiting = subscriptions.map(({ endpoint }) => endpoint).join(', ');
  return {
    message: `nobody reads what is published to ${topicArn}: ${waiting === '' ? 'nobody is subscribed' : `not confirmed yet: ${waiting}`}; nothing that must be announced would be done`,
    nextStep: waiting === '' ? subscribe(topicArn) : CONFIRM,
  };
}

const CONFIRM = 'Confirm it with the link in the message AWS has sent there.';

const subscribe = (topicArn: string, protocol = 'email', endpoint = 'security@example.com'): string =>
  `aws sns subscribe --region ${partsOfTopic(topicArn).region} --topic-arn ${topicArn} --protocol ${protocol} --notification-endpoint ${quoted(endpoint)}`;

export interface KeyFacts {
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`, ... as KMS names it. */
  readonly state: string;
  /** With a key that AWS manages, no CloudWatch alarm can publish to the topic. */
  readonly customerManaged: boolean;
}

/** Something of the service's that is encrypted. */
export type Encrypted =
  { readonly kind: 'table'; readonly name: string } | ({ readonly kind: 'topic' } & DigestTopic);

/** Whether the key exists, encrypts what it is for, and isn't going to be deleted. */
export function keyCheck(key: KeyFacts, used: Encrypted, region: string): Check {
  const id = quoted(key.arn);
  if (key.state !== 'Enabled') {
    const enable = `aws kms enable-key --region ${region} --key-id ${id}`;
    const rescue = `aws kms cancel-key-deletion --region ${region} --key-id ${id} && ${enable}`;
    const message = `${key.arn} is in state ${key.state}: the ${used.kind} can't be used`;
    return wrong('key', ofThe(used), message, key.state === 'PendingDeletion' ? rescue : enable);
  }
  return key.customerManaged ? ok('key', ofThe(used), `${key.arn} is enabled`) : unencrypted(used, region);
}

/** Something that isn't encrypted with a key of the customer's. */
export const unencrypted = (used: Encrypted, region: string): Check =>
  wrong(
    'key',
    ofThe(used),
    `the ${used.kind} is not encrypted with a customer-managed key`,
    encryptAgain(used, region),
  );

export const ofThe = (used: Encrypted): string =>
  used.kind === 'topic' && used.of !== undefined ? `of the topic ${used.arn}` : `of the ${used.kind}`;

/** A deployment would not do: it changes what the template changes, and not what people did. */
export function encryptAgain(used: Encrypted, region: string): string {
  if (used.kind === 'table') {
    return `aws dynamodb update-table --region ${region} --table-name ${used.name} --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=alias/${SERVICE}`;
  }
  const set = `aws sns set-topic-attributes --region ${region} --topic-arn ${used.arn} --attribute-name KmsMasterKeyId --attribute-value`;
  return used.foreign
    ? `With a key there that lets the role of the service use it (kms:GenerateDataKey, kms:Decrypt): ${set} KEY_ARN`
    : `${set} alias/${SERVICE}`;
}

/** A topic that isn't there at all. */
export const topicGone = ({ arn, of }: DigestTopic, region: string) =>
  of === undefined
    ? gone('topic', `the topic ${arn} (ROTATION_TOPIC_ARN)`, region)
    : {
        message: `the topic ${arn} (topicArn of ${whoseDigests(of)}) doesn't exist: no digest arrives, and no key is switched off`,
        nextStep:
          'Make it, or correct topicArn with settings set or settings unset. Where it is set: access-key-rotation settings list',
      };

/**
 * The function is what a deployment is known by.
 * @param topicArn of the deployment, if it is set: it tells where that is
 */
export function notDeployed(
  { region, accountId }: { readonly region: string; readonly accountId: string },
  topicArn?: string,
) {
  const message = `the function ${SERVICE} was not found in ${region} of account ${accountId}`;
  const there = topicArn === undefined ? { region, accountId } : partsOfTopic(topicArn);
  const says = `${message}, and ROTATION_TOPIC_ARN is of ${there.region} in account ${there.accountId}`;
  if (there.accountId !== accountId) {
    return {
      message: says,
      nextStep: `Use a role of account ${there.accountId}, and see that it is the one in use: aws sts get-caller-identity`,
    };
  }
  if (there.region !== region) return { message: says, nextStep: `export AWS_REGION=${there.region}` };
  return {
    message: `${message}. If it runs elsewhere, choose that with AWS_REGION and AWS_PROFILE`,
    nextStep: deployAgain(region),
  };
}

/** Something that isn't there at all. */
export const gone = (area: Area, what: string, region: string) => ({
  message: `${what} was not found in ${region}${area === 'schedule' ? ': nothing starts a run' : ''}`,
  nextStep: deployAgain(region),
});
