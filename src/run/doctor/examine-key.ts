import type { Check } from '../../domain/health/check.ts';
import {
  encryptAgain,
  keyCheck,
  ofThe,
  unencrypted,
  type Encrypted,
} from '../../domain/health/service-checks.ts';
import { ask } from './ask.ts';
import type { Examination } from './examination.ts';

export const examineKey = (
  { service, region }: Pick<Examination, 'service' | 'region'>,
  keyId: string | undefined,
  used: Encrypted,
): Promise<readonly Check[]> =>
  keyId === undefined
    ? Promise.resolve([unencrypted(used, region)])
    : ask(
        'key',
        ofThe(used),
        () => service.encryptionKey(keyId),
        (key) => [keyCheck(key, used, region)],
        {
          message: `the key ${keyId} doesn't exist: the ${used.kind} can't be used`,
          nextStep: encryptAgain(used, region),
        },
      );
