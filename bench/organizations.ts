import type { OrganizationSeed } from '../test/support/emulator/emulator.ts';
import { userWithKey } from '../test/support/world.ts';

export interface Size {
  /** The management account is one of them. */
  readonly accounts: number;
  /** In each account. */
  readonly users: number;
}

/** Each user has one key, which is in use. Its age says whether it is due. */
export function organizationOf(
  { accounts, users }: Size,
  isDue: (user: number) => boolean,
): OrganizationSeed {
  const all = Array.from({ length: users }, (_user, user) =>
    userWithKey(`user-${user + 1}`, { age: isDue(user) ? 70 : 10, usedAgo: 1 }),
  );
  return {
    management: { users: all },
    accounts: Array.from({ length: accounts - 1 }, (_, index) => ({
      name: `account-${index + 2}`,
      users: all,
    })),
  };
}

export const nobody = (): boolean => false;
export const everybody = (): boolean => true;
export const oneInFifty = (user: number): boolean => user % 50 === 0;
