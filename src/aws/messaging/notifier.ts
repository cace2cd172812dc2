import { PublishCommand, SNSClient, type MessageAttributeValue } from '@aws-sdk/client-sns';
import { definedOnly } from '../../domain/defined-only.ts';
import type { Notifier } from '../../run/ports/messaging.ts';
import { regionIn } from '../../domain/arn.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { ask, required } from '../client/errors.ts';

/**
 * Publishes to one topic, in the region its ARN names: text by e-mail, what chat rooms show by HTTPS where there is
 * such a form, and JSON to everything else.
 */
export function snsNotifier(settings: AwsSettings, topicArn: string): Notifier {
  const region = regionIn(topicArn) ?? settings.region;
  const sns = countCalls(new SNSClient(clientConfig({ ...settings, region })), settings.counts);
  const special = {
    'not-found': `Check the topic ${topicArn}: there is none of that name.`,
    denied: `Allow sns:Publish on ${topicArn} to the role of the service.`,
  };
  return {
    publish: async ({ subject, text, json, chat, attributes, lists = {} }) => {
      const MessageAttributes: Record<string, MessageAttributeValue> = {};
      for (const [name, value] of Object.entries(attributes)) {
        MessageAttributes[name] = { DataType: 'String', StringValue: value };
      }
      for (const [name, values] of Object.entries(lists)) {
        MessageAttributes[name] = { DataType: 'String.Array', StringValue: JSON.stringify(values) };
      }
      const message = new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        MessageStructure: 'json',
        Message: JSON.stringify({
          default: json,
          email: text,
          sms: subject,
          ...definedOnly({ https: chat }),
        }),
        MessageAttributes,
      });
      const { MessageId } = await ask('sns:Publish', () => sns.send(message), special);
      required('sns:Publish', MessageId, 'the id of the message');
    },
  };
}
