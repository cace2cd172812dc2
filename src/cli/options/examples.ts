/** The ARN of a central secret, as it looks in help and in what is wrong with another one. */
export const EXAMPLE_ARN =
  'arn:aws:secretsmanager:eu-central-1:123456789012:secret:access-key-rotation/central/111122223333/svc-ledger-AbCdEf';
