import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '../run/ports.ts';
import { clientConfig, type AwsSettings } from './clients.ts';
import { counted } from './counting.ts';
import { ask } from './errors.ts';

/** Publishes to one topic, in the region its ARN names: text by e-mail, JSON to everything else. */
export function snsNotifier(settings: AwsSettings, topicArn: string): Notifier {
  const region = topicArn.split(':')[3] || settings.region;
  const sns = counted(new SNSClient(clientConfig({ ...settings, region })), settings.counts);
  return {
    publish: async ({ subject, text, json, attributes }) => {
      const message = new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        MessageStructure: 'json',
        Message: JSON.stringify({ default: json, email: text, sms: subject }),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [
            name,
            { DataType: 'String', StringValue: value },
          ]),
        ),
      });
      await ask('sns:Publish', () => sns.send(message), {
        'not-found': 'Check ROTATION_TOPIC_ARN: there is no such topic.',
        denied: 'Allow sns:Publish on the topic of ROTATION_TOPIC_ARN to the role of the service.',
      });
    },
  };
}
