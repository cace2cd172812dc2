import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { PlaintextSender } from '../../run/ports/messaging.ts';
import { regionIn } from '../../domain/arn.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { required } from '../client/errors.ts';
import { pagesOf } from '../client/pages.ts';
import { redact } from '../secret/redact.ts';
import { subscriptionList } from './subscription-list.ts';

/** Publishes secrets to a topic, whose readers all get the key: off unless the settings ask for it. */
export function snsPlaintext(settings: AwsSettings, topicArn: string): PlaintextSender {
  const region = regionIn(topicArn) ?? settings.region;
  const sns = countCalls(new SNSClient(clientConfig({ ...settings, region })), settings.counts);
  const special = {
    'not-found': `Check the topic ${topicArn}: there is none of that name.`,
    denied: `Allow this call on ${topicArn} to the role of the service.`,
  };
  return {
    hasEmailReaders: async () => {
      for await (const page of pagesOf(subscriptionList(sns, topicArn, special))) {
        // Those that wait for their confirmation are listed too, and may be confirmed at any time.
        if (page.some(({ Protocol }) => isEmail(Protocol))) return true;
      }
      return false;
    },
    send: async ({ id, name }, { userName }, key) => {
      const line = `New access key of ${userName} in ${id}`;
      const held = { accessKeyId: key.id, secretAccessKey: key.secret };
      const json = { schemaVersion: 1, accountId: id, accountName: name, userName, ...held };
      const text = [
        `${line} (${name}).`,
        '',
        `AWS access key id:     ${key.id}`,
        `AWS secret access key: ${key.secret}`,
        '',
        'Whoever reads this message can use the key. It is in AWS Secrets Manager as well.',
        '',
      ].join('\n');
      const message = new PublishCommand({
        TopicArn: topicArn,
        Subject: line,
        MessageStructure: 'json',
        Message: JSON.stringify({ default: JSON.stringify(json), email: text, sms: line }),
        MessageAttributes: {
          accountId: { DataType: 'String', StringValue: id },
          accountName: { DataType: 'String', StringValue: name },
        },
      });
      try {
        const { MessageId } = await sns.send(message);
        required('sns:Publish', MessageId, 'the id of the message');
      } catch (error) {
        throw redact(error, key.secret, 'sns:Publish', special);
      }
    },
  };
}

/** An unknown protocol counts as e-mail: no secret is published on a guess. */
const isEmail = (protocol: string | undefined): boolean => protocol?.startsWith('email') ?? true;
