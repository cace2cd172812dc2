import { CloudTrailClient, LookupEventsCommand, type Event } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import { SECOND, type Instant } from '../../domain/time.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import type { UsageEvent } from '../../domain/usage/usage.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { KeyUsage } from '../../run/ports/usage.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { pagesOf } from '../client/pages.ts';
import { pace } from '../messaging/pace.ts';

const LOOK_UP = 'cloudtrail:LookupEvents';

/** CloudTrail answers two calls a second per account and region. */
const INTERVAL = SECOND / 2;

const special = {
  denied:
    'Deploy the member role again with AllowUsage=true (allow_usage in Terraform); without it nobody may look up who uses a key. If a service control policy denies it, change that.',
};

/** CloudTrail's event history of the account that these settings are for. */
export function cloudTrailUsage(settings: AwsSettings, clock: Clock): KeyUsage {
  const clients = new Map<
    string,
    { readonly client: CloudTrailClient; readonly turn: () => Promise<void> }
  >();
  const at = (region: string) => {
    const client = countCalls(new CloudTrailClient(clientConfig({ ...settings, region })), settings.counts);
    const known = clients.get(region) ?? { client, turn: pace(clock, INTERVAL) };
    clients.set(region, known);
    return known;
  };
  return {
    of: async (accessKeyId, region, since, pages) => {
      const { client, turn } = at(region);
      const events: UsageEvent[] = [];
      let read = 0;
      const list = {
        action: LOOK_UP,
        fetch: async (NextToken: string | undefined) => {
          await turn();
          return await client.send(
            new LookupEventsCommand({
              LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: accessKeyId }],
              StartTime: new Date(since),
              MaxResults: 50,
              NextToken,
            }),
          );
        },
        things: ({ Events }: { readonly Events?: Event[] | undefined }) => Events,
        next: ({ NextToken }: { readonly NextToken?: string | undefined }) => NextToken,
        special,
        emptyPagesMayLackList: true,
      };
      const isLast = { yes: true };
      for await (const page of pagesOf({
        ...list,
        next: (answer) => {
          const token = list.next(answer);
          isLast.yes = token === undefined || token === '';
          return token;
        },
      })) {
        events.push(...page.map((event) => toUsage(event, region, since)));
        read += 1;
        if (read === pages) break;
      }
      return { events, isComplete: isLast.yes };
    },
  };
}

/** What of an event's own JSON is read; anything in it may be missing. */
const Detail = z.object({
  sourceIPAddress: z.string().optional().catch(undefined),
  userAgent: z.string().optional().catch(undefined),
  errorCode: z.string().optional().catch(undefined),
});

function toUsage(
  { EventTime, EventName = 'unknown', EventSource = 'unknown', CloudTrailEvent = '{}' }: Event,
  region: string,
  since: Instant,
): UsageEvent {
  const { sourceIPAddress, userAgent, errorCode } = detailOf(CloudTrailEvent);
  return {
    at: EventTime?.getTime() ?? since,
    region,
    service: EventSource.split('.')[0] ?? EventSource,
    action: EventName,
    sourceAddress: sourceIPAddress ?? 'unknown address',
    userAgent: userAgent ?? '',
    ...definedOnly({ errorCode }),
  };
}

function detailOf(json: string): z.infer<typeof Detail> {
  try {
    return Detail.safeParse(JSON.parse(json)).data ?? {};
  } catch {
    return {};
  }
}
