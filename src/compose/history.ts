import { dynamoHistory } from '../aws/table/history.ts';
import type { History } from '../run/ports/history.ts';
import { awsSettings, type Environment } from './environment.ts';

/** What was done, for people who ask. */
export const history = (
  tableName: string,
  environment: Pick<Environment, 'region' | 'endpoint' | 'credentials'>,
): History => dynamoHistory(awsSettings(environment), tableName);
