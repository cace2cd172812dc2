/* The stack of the service, as tests of it ask about it. */
import { type Fields, type Resource, type Stack } from './cloudformation.ts';

/** What `!Ref` says of them once they exist. */
export const NAMES = {
  Ledger: 'access-key-rotation-Ledger-1A2B3C4D5E6F',
  Topic: 'arn:aws-cn:sns:cn-north-1:999988887777:access-key-rotation',
};

export const FUNCTIONS = [
  'RotateLambdaFunction',
  'WatchLambdaFunction',
  'JournalLambdaFunction',
  'PageLambdaFunction',
];

/** Only where scale is map. */
export const FUNCTIONS_OF_MAP = ['ListLambdaFunction', 'AccountLambdaFunction', 'FinishLambdaFunction'];

/** Only where findings go to Security Hub. */
export const FUNCTIONS_OF_FINDINGS = ['FindingsLambdaFunction'];

export const properties = (stack: Stack, name: string): Fields => {
  const found: Resource | undefined = stack.resources[name];
  if (found === undefined) throw new Error(`the stack has no ${name}`);
  return found.Properties;
};

export const environmentOf = (stack: Stack) =>
  (properties(stack, 'RotateLambdaFunction')['Environment'] as Fields)['Variables'] as Record<string, string>;
