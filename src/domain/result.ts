/** What came of something that may fail for reasons to be reported, not thrown. */
export type Result<Value, Reason> =
  { readonly kind: 'ok'; readonly value: Value } | ({ readonly kind: 'failed' } & Reason);
