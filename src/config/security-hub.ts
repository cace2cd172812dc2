import { InputError } from '../domain/errors.ts';

/** Where findings are sent, and as whose. */
export interface HubAddress {
  readonly url: string;
  readonly product: {
    readonly arn: string;
    readonly partition: string;
    readonly accountId: string;
  };
}

const URL_OF_HUB = /^https?:\/\/[\w.:-]+\/?$/;
const PRODUCT = /^arn:([\w-]+):securityhub:[\w-]+:(\d{12}):product\/\2\/default$/;

/** Both are set by the deployment. @throws InputError naming each that isn't right */
export function hubAddressIn(environment: Readonly<Record<string, string | undefined>>): HubAddress {
  const url = environment['SECURITY_HUB_URL']?.trim() ?? '';
  const arn = environment['SECURITY_HUB_PRODUCT_ARN']?.trim() ?? '';
  const [, partition, accountId] = PRODUCT.exec(arn) ?? [];
  if (URL_OF_HUB.test(url) && partition !== undefined && accountId !== undefined) {
    return { url, product: { arn, partition, accountId } };
  }
  throw new InputError([
    ...(URL_OF_HUB.test(url)
      ? []
      : ['SECURITY_HUB_URL: must be a URL, like https://securityhub.eu-central-1.amazonaws.com']),
    ...(partition === undefined
      ? [
          'SECURITY_HUB_PRODUCT_ARN: must be an ARN like arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default',
        ]
      : []),
  ]);
}
