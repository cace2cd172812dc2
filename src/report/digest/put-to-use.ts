import { credentialProcess, documentationPage } from '../../domain/commands.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import { clean, nameInCommand, wrap } from '../common/sanitize.ts';
import { isAtItsDeadline, whatIsAsked } from './asked.ts';
import type { DigestContext } from './context.ts';

/** The heading of what is said once in a mail, however many keys are replaced. */
export const HOW_TO = 'HOW TO USE A NEW KEY';

/** The page that says it at length, with commands. */
const PAGE = 'docs/use-the-new-key.md';

/** The usual places of a key, a line or two each; empty where nobody is to move. */
export function howToPutToUse(outcomes: readonly Outcome[], context: DigestContext): string {
  const users = new Set(
    outcomes
      .filter((outcome) => whatIsAsked(outcome, context) === 'move' || isAtItsDeadline(outcome))
      .map(({ decision }) => decision.userName),
  );
  const [user] = users;
  if (user === undefined) return '';
  const name = users.size === 1 ? nameInCommand(user) : 'USER';
  const where =
    context.secretDelivery === 'central'
      ? { secret: 'ARN-OF-THE-SECRET' }
      : { region: clean(context.region) };
  const lines = [
    ...wrap('A program that reads an AWS profile: write this once, and no key is edited again:', '- ', '  '),
    `    ${credentialProcess(name, where)}`,
    ...PLACES.flatMap((place) => wrap(place, '- ', '  ')),
  ];
  return [
    HOW_TO,
    '='.repeat(HOW_TO.length),
    ...wrap('The secret has AccessKeyId and SecretAccessKey. Put both wherever the old ones are:'),
    ...lines,
    ...wrap(`Each with the commands: ${documentationPage(PAGE)}`),
  ].join('\n');
}

const PLACES = [
  'An SDK with keys in its environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY anew, and restart it.',
  'GitHub Actions, GitLab, Jenkins: replace both values in the secrets, variables or credentials of the project, and run a job.',
  'Kubernetes: let External Secrets Operator read the secret; restart the pods when it changes.',
  'Mail by SMTP (Amazon SES): user name AccessKeyId, password SesSmtpPassword.',
  'Terraform: use the profile above; never write a key into a file of it.',
  "A vendor's form: paste both values, save, test, and only then remove the old ones.",
];
