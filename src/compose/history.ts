import { dynamoHistory } from '../aws/table/history.ts';
import type { History } from '../run/ports/history.ts';
import { awsSettings, type Surroundings } from './environment.ts';

/** What was done, for people who ask. */
export const history = (
  tableName: string,
  surroundings: Pick<Surroundings, 'region' | 'endpoint' | 'credentials'>,
): History => dynamoHistory(awsSettings(surroundings), tableName);
