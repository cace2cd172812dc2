import { OperationError } from '../../domain/errors.ts';

/** Every call that audit mode makes in an account. */
const READS: Readonly<Record<string, string>> = {
  ListUsersCommand: 'iam:ListUsers',
  ListAccessKeysCommand: 'iam:ListAccessKeys',
  GetAccessKeyLastUsedCommand: 'iam:GetAccessKeyLastUsed',
  GetAccountSummaryCommand: 'iam:GetAccountSummary',
  ListUserTagsCommand: 'iam:ListUserTags',
  GetGroupCommand: 'iam:GetGroup',
  DescribeSecretCommand: 'secretsmanager:DescribeSecret',
};

/** What the session of an audit may do at most, whatever its role allows: AWS enforces it. */
export const READ_ONLY_SESSION_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: Object.values(READS), Resource: '*' }],
});

interface Guardable {
  readonly middlewareStack: {
    // The SDK types the stack by all inputs and outputs of its service; only the name matters here.
    add(middleware: never, options: { readonly step: 'initialize'; readonly name: string }): void;
  };
}

/**
 * Lets a client make reading calls only. For the account the service runs in, which is worked on
 * without a session that could carry a policy.
 */
export function readOnly<Client extends Guardable>(client: Client): Client {
  const guard =
    (next: (args: unknown) => Promise<unknown>, { commandName = '' }: { commandName?: string }) =>
    (args: unknown) => {
      if (commandName in READS) return next(args);
      throw new OperationError({
        kind: 'denied',
        during: commandName,
        message: 'audit mode changes nothing, and this call would',
        nextStep: 'This is a defect of access-key-rotation: please report it.',
      });
    };
  client.middlewareStack.add(guard as never, { step: 'initialize', name: 'readOnlyGuard' });
  return client;
}
