import type { AccountSession, Sessions } from '../ports/accounts.ts';

/**
 * Sessions that ask IAM each thing once, for two plans of the same moment: the second one hears what the first one
 * was told, and asks only what that had no need to know.
 */
export function rememberedSessions(sessions: Sessions): Sessions {
  const opened = new Map<string, Promise<AccountSession>>();
  return {
    ...asking(sessions, ['caller', 'signingKeyId']),
    open: (account, options) =>
      once(opened, JSON.stringify([account.id, options]), async () => {
        const session = await sessions.open(account, options);
        const { inventory, reports } = session;
        // Until when somebody would wait is another moment each time.
        const report = new Map<string, ReturnType<typeof reports.read>>();
        return {
          ...session,
          inventory: asking(inventory, [
            'users',
            'keysOf',
            'lastUse',
            'rootHasKeys',
            'tagsOf',
            'membersOf',
            'userOf',
          ]),
          reports: { read: (until) => once(report, '', () => reports.read(until)) },
        };
      }),
  };
}

/** What failed is asked again: it may have been the moment. */
function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  ask: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const asked = ask();
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  return asked;
}

type Asks = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

function asking<Port extends object, Name extends keyof Port & string>(
  port: Port,
  names: readonly Name[],
): Pick<Port, Name> {
  const known = new Map<string, Promise<unknown>>();
  const asks = port as unknown as Asks;
  const methods = names.map((name) => [
    name,
    (...args: never[]) =>
      once(
        known,
        JSON.stringify([name, ...args]),
        () => asks[name]?.apply(port, args) ?? Promise.reject(new Error(name)),
      ),
  ]);
  return Object.fromEntries(methods) as Pick<Port, Name>;
}
