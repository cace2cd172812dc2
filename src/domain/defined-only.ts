/** The type of an object after `definedOnly`: what could be undefined may be absent instead. */
export type DefinedOnly<Source extends object> = Flat<
  { [Name in keyof Source as undefined extends Source[Name] ? never : Name]: Source[Name] } & {
    [Name in keyof Source as undefined extends Source[Name] ? Name : never]?: Exclude<
      Source[Name],
      undefined
    >;
  }
>;

/** One object type instead of an intersection, so that errors and tooltips can be read. */
type Flat<Type> = { [Name in keyof Type]: Type[Name] };

/**
 * A copy without the properties that are undefined. Only these go: null, '', 0 and false stay, and
 * nested objects are left as they are. With `exactOptionalPropertyTypes` an optional property may be
 * absent but not undefined, and what is written as JSON or compared in tests shouldn't hold it either.
 *
 * Literals widen in its argument (`kind: 'used'` becomes a string), so spread the result beside them:
 * `{ kind: 'used', ...definedOnly({ region }) }`.
 */
export function definedOnly<Source extends object>(source: Source): DefinedOnly<Source> {
  const defined = Object.entries(source).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as DefinedOnly<Source>;
}
