/** A row of the table without its keys. */
export type RowValues = Readonly<Record<string, unknown>>;

/** What became of one row of the table, whoever did it. */
export interface RowChange {
  /** Its partition: `history#<account id>`, `settings`, ... */
  readonly pk: string;
  readonly sk: string;
  /** Absent: it is new. */
  readonly before?: RowValues;
  /** Absent: it is gone. */
  readonly after?: RowValues;
  /** Its time was over, and DynamoDB removed it. */
  readonly expired: boolean;
}
