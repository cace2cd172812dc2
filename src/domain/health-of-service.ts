import {
  deployAgain,
  ok,
  quoted,
  SERVICE,
  stackOutput,
  verdict,
  wrong,
  type Area,
  type Check,
} from './health.ts';

/* Verdicts on what the service keeps and tells: table, topic and their key. */

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

export function subscriptionChecks(
  topicArn: string,
  subscriptions: readonly SubscriptionFacts[],
  region: string,
): readonly Check[] {
  const subscribe = (protocol: string, endpoint: string) =>
    `aws sns subscribe --region ${region} --topic-arn ${topicArn} --protocol ${protocol} --notification-endpoint ${quoted(endpoint)}`;
  if (subscriptions.length === 0) {
    const nextStep = subscribe('email', 'security@example.com');
    return [wrong('topic', 'subscriptions', 'nobody is subscribed: nobody reads a digest', nextStep)];
  }
  return subscriptions.map(({ protocol, endpoint, confirmed }) =>
    verdict('topic', `subscription of ${endpoint}`, confirmed, `${protocol}, confirmed`, {
      message: 'not confirmed: this subscriber gets nothing',
      nextStep: `Confirm it with the link in the message AWS has sent there. To have it sent again: ${subscribe(protocol, endpoint)}`,
    }),
  );
}

export interface KeyFacts {
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`, ... as KMS names it. */
  readonly state: string;
  /** With a key that AWS manages, no CloudWatch alarm can publish to the topic. */
  readonly customerManaged: boolean;
}

/** Something of the service's that is encrypted. */
export type Encrypted =
  { readonly kind: 'table'; readonly name: string } | { readonly kind: 'topic'; readonly arn: string };

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

export const ofThe = ({ kind }: Encrypted): string => `of the ${kind}`;

/** A deployment would not do: it changes what the template changes, and not what people did. */
export const encryptAgain = (used: Encrypted, region: string): string =>
  used.kind === 'table'
    ? `aws dynamodb update-table --region ${region} --table-name ${used.name} --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=alias/${SERVICE}`
    : `aws sns set-topic-attributes --region ${region} --topic-arn ${used.arn} --attribute-name KmsMasterKeyId --attribute-value alias/${SERVICE}`;

/** Something that isn't there at all. */
export const gone = (area: Area, what: string, region: string) => ({
  message: `${what} was not found in ${region}${area === 'schedule' ? ': nothing starts a run' : ''}`,
  nextStep: deployAgain(region),
});
