/*
 * Users as they are named for one run: `alice` means the user of that name in every account, `111122223333/alice`
 * the one in that account. Names of IAM users have no slash, and no two of an account differ in case only.
 */

const lower = (name: string): string => name.toLowerCase();

/** How a user of an account is named so that nobody else is meant. */
export const nameInAccount = (accountId: string, userName: string): string => `${accountId}/${userName}`;

/**
 * Whether a user of the account is meant.
 * @param names empty: everybody is meant
 */
export function meansUser(names: readonly string[], accountId: string): (userName: string) => boolean {
  if (names.length === 0) return () => true;
  const meant = new Set(names.map(lower));
  return (userName) => meant.has(lower(userName)) || meant.has(lower(nameInAccount(accountId, userName)));
}

/** Whether any user of the account can be meant. */
export const meansAccount = (names: readonly string[], accountId: string): boolean =>
  names.length === 0 || names.some((name) => !name.includes('/') || name.startsWith(`${accountId}/`));
