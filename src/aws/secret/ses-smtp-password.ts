import { createHmac } from 'node:crypto';

const sign = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Fixed by AWS, as is the date. */
const VERSION = 0x04;
const CHAIN = ['11111111', 'REGION', 'ses', 'aws4_request', 'SendRawEmail'] as const;

/**
 * The SMTP password that goes with a secret access key, as the developer guide of Amazon SES documents it
 * ("Obtaining Amazon SES SMTP credentials by converting existing AWS credentials"). The SMTP user name is
 * the access key id. As secret as the key itself.
 */
export function sesSmtpPassword(secretAccessKey: string, region: string): string {
  const start: string | Buffer = `AWS4${secretAccessKey}`;
  const signature = CHAIN.map((step) => (step === 'REGION' ? region : step)).reduce<string | Buffer>(
    sign,
    start,
  );
  return Buffer.concat([Buffer.of(VERSION), Buffer.from(signature)]).toString('base64');
}
