import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import type { Around, CallName } from '../../support/memory/intercept.ts';
import { mortal } from '../../support/memory/process.ts';
import { annsReplacement } from '../rotation/replacement.ts';

/** What lies between reading the keys and writing down which of them are known. */
const BETWEEN: readonly CallName[] = ['inventory.lastUse', 'ledger.markDigestPending', 'secrets.look'];
const DEATHS: readonly CallName[] = ['ledger.openIntent', 'secrets.prepare', 'writer.create'];
const HERS = 'AKIAHERS';

describe('a key that a person makes after the keys were read and before the intent', () => {
  for (const consumers of ['none yet', 'read the old key'] as const) {
    for (const made of BETWEEN) {
      for (const death of DEATHS) {
        for (const side of death === 'writer.create'
          ? (['before'] as const)
          : (['before', 'after'] as const)) {
          it(`at ${made} is left alone when the run then dies ${side} ${death} (consumers: ${consumers})`, async () => {
            const { member, go, goLater } = annsReplacement({
              consumers,
              secondPlace: 'free',
              useIsTold: 'at once',
            });
            const process = mortal();
            const around: Around = ({ name, args }, proceed) =>
              process.around({ name, args }, async () => {
                if (name === made && !member.iam.keysOf('ann').some(({ id }) => id === HERS)) {
                  member.iam.addKey('ann', { id: HERS });
                }
                if (name !== death) return await proceed();
                if (side === 'after') await proceed();
                return process.die(name);
              });
            await go(around).catch(() => undefined);
            expect(process.diedAt).to.equal(death);
            for (const later of [days(0.1), days(1)]) {
              await goLater(later);
              expect(member.iam.key(HERS)).to.include({ status: 'active', madeBy: 'person' });
            }
          });
        }
      }
    }
  }
});
