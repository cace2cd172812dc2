type Calls<Port> = { readonly [Name in keyof Port]: (...args: never[]) => Promise<unknown> };

/**
 * A port whose adapter, and with it the client of its service, is loaded when it is first called: a
 * command starts without the clients it doesn't use.
 * @param names all methods of the port
 */
export function lazy<Port extends Calls<Port>>(
  names: readonly (keyof Port)[],
  load: () => Promise<Port>,
): Port {
  let loading: Promise<Port> | undefined;
  const call =
    (name: keyof Port) =>
    async (...args: never[]): Promise<unknown> => {
      const port = await (loading ??= load());
      return port[name](...args);
    };
  return Object.fromEntries(names.map((name) => [name, call(name)])) as Port;
}
