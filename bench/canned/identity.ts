import { randomUUID } from 'node:crypto';
import { credentialReport, SERVICE_ACCOUNT, SESSION, type Organization } from './organization.ts';

/* STS and IAM, which speak XML. */

/** One call, as the server has read it. */
export interface CannedCall {
  readonly accountId: string;
  readonly keyId: string;
  readonly params: URLSearchParams;
  readonly now: number;
}

/** What is inside `...Result`; or an error. */
export type XmlAnswer = string | { readonly error: string; readonly status: number };

const date = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const noSuchEntity: XmlAnswer = { error: 'NoSuchEntity', status: 404 };

export function identityAnswers(
  organization: Organization,
): Readonly<Record<string, (call: CannedCall) => XmlAnswer>> {
  const reportIsThereAt = new Map<string, number>();
  return {
    'sts:GetCallerIdentity': ({ accountId, keyId }) => {
      const user = organization.userWithKey(keyId);
      const arn = user?.user.arn ?? `arn:aws:sts::${accountId}:assumed-role/access-key-rotation/run`;
      return `<Arn>${arn}</Arn><UserId>AIDA</UserId><Account>${user?.accountId ?? accountId}</Account>`;
    },
    'sts:AssumeRole': ({ params, now }) => {
      const accountId = (params.get('RoleArn') ?? '').split(':')[4] ?? '';
      if (!organization.accountIds.includes(accountId)) return { error: 'AccessDenied', status: 403 };
      const role = `arn:aws:sts::${accountId}:assumed-role/access-key-rotation/run`;
      return (
        `<Credentials><AccessKeyId>${sessionKeyId(accountId)}</AccessKeyId>` +
        `<SecretAccessKey>session</SecretAccessKey><SessionToken>token</SessionToken>` +
        `<Expiration>${date(now + SESSION)}</Expiration></Credentials>` +
        `<AssumedRoleUser><Arn>${role}</Arn><AssumedRoleId>AROA:run</AssumedRoleId></AssumedRoleUser>`
      );
    },
    'iam:GenerateCredentialReport': ({ accountId, now }) => {
      const there = reportIsThereAt.get(accountId);
      if (there !== undefined) return `<State>${there <= now ? 'COMPLETE' : 'INPROGRESS'}</State>`;
      const takes = organization.reportTakes(accountId);
      reportIsThereAt.set(accountId, now + takes);
      return `<State>${takes === 0 ? 'COMPLETE' : 'STARTED'}</State>`;
    },
    'iam:GetCredentialReport': ({ accountId, now }) => {
      const there = reportIsThereAt.get(accountId);
      if (there === undefined || there > now) return { error: 'ReportInProgress', status: 404 };
      const text = credentialReport(accountId, organization.usersOf(accountId));
      return `<Content>${Buffer.from(text).toString('base64')}</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>${date(there)}</GeneratedTime>`;
    },
    'iam:ListUsers': ({ accountId, params }) => {
      const users = organization.usersOf(accountId);
      const from = Number(params.get('Marker') ?? 0);
      const to = from + Number(params.get('MaxItems') ?? 100);
      const members = users
        .slice(from, to)
        .map(
          ({ userName, arn }) =>
            `<member><Path>/</Path><UserName>${userName}</UserName><UserId>AIDA${accountId}${userName.toUpperCase().replace('-', '')}</UserId><Arn>${arn}</Arn><CreateDate>2020-01-01T00:00:00Z</CreateDate></member>`,
        );
      const more = to < users.length ? `<Marker>${to}</Marker>` : '';
      return `<Users>${members.join('')}</Users><IsTruncated>${more !== ''}</IsTruncated>${more}`;
    },
    'iam:ListAccessKeys': ({ accountId, params }) => {
      const user = organization.userOf(accountId, params.get('UserName') ?? '');
      if (user === undefined) return noSuchEntity;
      const members = user.keys.map(
        ({ id, createdAt }) =>
          `<member><UserName>${user.userName}</UserName><AccessKeyId>${id}</AccessKeyId><Status>Active</Status><CreateDate>${date(createdAt)}</CreateDate></member>`,
      );
      return `<AccessKeyMetadata>${members.join('')}</AccessKeyMetadata><IsTruncated>false</IsTruncated>`;
    },
    'iam:GetAccessKeyLastUsed': ({ params }) => {
      const id = params.get('AccessKeyId') ?? '';
      const user = organization.userWithKey(id)?.user;
      const at = user?.keys.find((key) => key.id === id)?.lastUsedAt;
      if (user === undefined) return noSuchEntity;
      const used =
        at === undefined
          ? '<ServiceName>N/A</ServiceName><Region>N/A</Region>'
          : `<LastUsedDate>${date(at)}</LastUsedDate><ServiceName>s3</ServiceName><Region>eu-central-1</Region>`;
      return `<UserName>${user.userName}</UserName><AccessKeyLastUsed>${used}</AccessKeyLastUsed>`;
    },
    'iam:CreateAccessKey': ({ accountId, params, now }) => {
      const userName = params.get('UserName') ?? '';
      if (organization.userOf(accountId, userName) === undefined) return noSuchEntity;
      const { id } = organization.createKey(accountId, userName, now);
      return `<AccessKey><UserName>${userName}</UserName><AccessKeyId>${id}</AccessKeyId><Status>Active</Status><SecretAccessKey>${randomUUID()}</SecretAccessKey><CreateDate>${date(now)}</CreateDate></AccessKey>`;
    },
    'iam:GetAccountSummary': () =>
      '<SummaryMap><entry><key>AccountAccessKeysPresent</key><value>0</value></entry></SummaryMap>',
    'iam:ListUserTags': () => '<Tags/><IsTruncated>false</IsTruncated>',
    'sns:Publish': () => `<MessageId>${randomUUID()}</MessageId>`,
    'sns:ListSubscriptionsByTopic': ({ params }) => {
      const topic = params.get('TopicArn') ?? '';
      return `<Subscriptions><member><TopicArn>${topic}</TopicArn><Protocol>email</Protocol><SubscriptionArn>${topic}:reader</SubscriptionArn><Owner>${SERVICE_ACCOUNT}</Owner><Endpoint>security@example.com</Endpoint></member></Subscriptions>`;
    },
    'sns:GetSubscriptionAttributes': ({ params }) => {
      const arn = params.get('SubscriptionArn') ?? '';
      const attributes = {
        SubscriptionArn: arn,
        TopicArn: arn.split(':').slice(0, -1).join(':'),
        Protocol: 'email',
        PendingConfirmation: 'false',
      };
      const entries = Object.entries(attributes).map(
        ([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`,
      );
      return `<Attributes>${entries.join('')}</Attributes>`;
    },
  };
}

/** Of a session in an account; by it the server knows where a call is made. */
export const sessionKeyId = (accountId: string): string => `ASIA${accountId}0000`;
