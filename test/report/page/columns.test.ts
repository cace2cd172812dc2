import { expect } from 'chai';
import { fromColumns, toColumns } from '../../../src/report/page/columns.ts';

interface Row {
  readonly at: number;
  readonly name?: string;
  readonly more?: readonly number[];
}

describe('rows as columns', () => {
  const ROWS: readonly Row[] = [{ at: 0 }, { at: 7, name: 'seven' }, { at: 8 }, { at: 9, more: [0] }];

  it('have each name once, and no end without values', () => {
    expect(toColumns(ROWS)).to.deep.equal({ at: [0, 7, 8, 9], name: [0, 'seven'], more: [0, 0, 0, [0]] });
  });

  it('come back as they were', () => {
    expect(fromColumns(toColumns(ROWS), ['at'])).to.deep.equal(ROWS);
    expect(fromColumns(toColumns<Row>([]), ['at'])).to.deep.equal([]);
  });
});
