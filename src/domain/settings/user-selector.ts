import { Matcher } from '@isaacs/nonrecursive-glob-match';
import type { UserSelector } from './setting.ts';

/** What selectors are matched with. Tags and groups are absent where no selector needs them. */
export interface UserFacts {
  readonly userName: string;
  /** With a slash at both ends. */
  readonly path: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Those of the groups that the settings name, in lower case. */
  readonly groups?: readonly string[];
}

/** `name:svc-*`, `path:/service/`, `group:ci`, `tag:rotate=yes`: as settings write it. */
export function describeSelector(selector: UserSelector): string {
  switch (selector.by) {
    case 'name':
      return `name:${selector.pattern}`;
    case 'path':
      return `path:${selector.path}`;
    case 'group':
      return `group:${selector.group}`;
    case 'tag':
      return `tag:${selector.tag}${selector.value === undefined ? '' : `=${selector.value}`}`;
  }
}

/**
 * Whether a selector means this user.
 * @throws Error when it asks for tags or groups that were not read: that would be a guess
 */
export function selects(selector: UserSelector, { userName, path, tags, groups }: UserFacts): boolean {
  switch (selector.by) {
    case 'name':
      return likeName(selector.pattern, userName);
    case 'path':
      return path.startsWith(selector.path);
    case 'group':
      if (groups === undefined) throw new Error('the groups of the user were not read');
      return groups.includes(selector.group.toLowerCase());
    case 'tag': {
      if (tags === undefined) throw new Error('the tags of the user were not read');
      const value = tagOf(tags, selector.tag);
      return value !== undefined && (selector.value === undefined || selector.value === value);
    }
  }
}

/** The value of a tag. In IAM the tag keys of a user don't differ by case alone, but their values may. */
export const tagOf = (tags: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.entries(tags).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

/**
 * IAM compares names without regard to case. The library takes no longer than the length of the
 * pattern times that of the name; a regular expression would try `*a*a*a*b` for hours. To it `.` and
 * `..` are folders, which `*` doesn't mean; with a letter before them they are names like any other.
 */
const likeName = (pattern: string, userName: string): boolean =>
  new Matcher(`=${pattern}`, { nocase: true, noext: true, dot: true }).test(`=${userName}`);
