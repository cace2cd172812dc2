import { describeFailure } from '../../domain/errors.ts';
import type { Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import type { KeyInventory } from '../ports/keys.ts';
import type { Survey } from './survey.ts';

/** Whether there are such keys, and what is to be said of it. */
export type RootFindings = Required<Pick<RotatedAccount, 'rootKeys'>> & {
  readonly findings: readonly Finding[];
};

/** Only root can rotate the keys of the root user, so all we can do is say so. */
export async function rootFindings(
  inventory: KeyInventory,
  { rootHasKeys }: Pick<Survey, 'rootHasKeys'>,
): Promise<RootFindings> {
  try {
    if (!(rootHasKeys ?? (await inventory.rootHasKeys()))) return { rootKeys: 'none', findings: [] };
    return {
      rootKeys: 'present',
      findings: [
        {
          severity: 'critical',
          message:
            'The root user has access keys. Nobody but root can rotate them, and nobody should need them.',
          nextStep: 'Sign in as root and delete them: My security credentials, Access keys.',
        },
      ],
    };
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'iam:GetAccountSummary');
    return {
      rootKeys: 'unknown',
      findings: [
        {
          severity: 'failure',
          message: `Whether the root user has access keys is not known: ${message}`,
          nextStep,
        },
      ],
    };
  }
}
