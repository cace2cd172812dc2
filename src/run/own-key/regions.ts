/* Where a secret may be that is not where it was looked for. */

/** The regions that every account has without asking for them, by the partition they are in. */
const BY_DEFAULT: readonly (readonly [prefix: RegExp, regions: readonly string[]])[] = [
  [/^us-gov-/, ['us-gov-east-1', 'us-gov-west-1']],
  [/^cn-/, ['cn-north-1', 'cn-northwest-1']],
  [
    /^/,
    [
      ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
      ...['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
      ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1'],
      ...['ap-southeast-1', 'ap-southeast-2'],
    ],
  ],
];

/** A machine may have many profiles. */
const MOST_CONFIGURED = 5;

/**
 * The regions to try, other than the one that was asked for.
 * @param onlyConfigured a guess must not look like somebody who tries all doors: only those of this machine
 */
export function regionsToSearch(
  asked: string,
  configured: readonly string[],
  onlyConfigured: boolean,
): readonly string[] {
  const partition = BY_DEFAULT.find(([prefix]) => prefix.test(asked))?.[1] ?? [];
  const near = [...new Set(configured)].filter((region) => region !== asked).slice(0, MOST_CONFIGURED);
  const all = onlyConfigured ? near : [...near, ...partition];
  return [...new Set(all)].filter((region) => region !== asked);
}
