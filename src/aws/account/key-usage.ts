import * as z from 'zod';
import { SECOND, type Instant } from '../../domain/time.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import type { UsageEvent } from '../../domain/usage/usage.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { KeyUsage } from '../../run/ports/usage.ts';
import type { AwsSettings } from '../client/config.ts';
import { ask } from '../client/errors.ts';
import { jsonCalls } from '../client/json-call.ts';
import { pagesOf } from '../client/pages.ts';
import { tryAgain } from '../client/tries.ts';
import { pace } from '../messaging/pace.ts';

const LOOK_UP = 'cloudtrail:LookupEvents';
const CLOUDTRAIL = { serviceId: 'CloudTrail', host: 'cloudtrail', target: 'CloudTrail_20131101' };

/** CloudTrail answers two calls a second per account and region. */
const INTERVAL = SECOND / 2;
const TRIES = 5;

const special = {
  denied:
    'Deploy the member role again with AllowUsage=true (allow_usage in Terraform; allowUsage for the account of the service); without it nobody may look up who uses a key. If a service control policy denies it, change that.',
};

/** CloudTrail's event history of the account that these settings are for. */
export function cloudTrailUsage(settings: AwsSettings, clock: Clock): KeyUsage {
  const regions = new Map<string, (input: object) => Promise<Page>>();
  const lookUpIn = (region: string) => {
    const known = regions.get(region) ?? paced(jsonCalls(CLOUDTRAIL, { ...settings, region }), clock);
    regions.set(region, known);
    return known;
  };
  return {
    of: async (accessKeyId, { region = settings.region, since, pages }) => {
      const lookUp = lookUpIn(region);
      const events: UsageEvent[] = [];
      let read = 0;
      let isComplete = true;
      for await (const page of pagesOf({
        action: LOOK_UP,
        fetch: (NextToken: string | undefined) =>
          lookUp({
            LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: accessKeyId }],
            StartTime: since / SECOND,
            MaxResults: 50,
            ...definedOnly({ NextToken }),
          }),
        things: ({ Events }) => Events,
        next: ({ NextToken = '' }) => {
          isComplete = NextToken === '';
          return NextToken;
        },
        emptyPagesMayLackList: true,
      })) {
        events.push(...page.map((event) => toUsage(event, region, since)));
        read += 1;
        if (read === pages) break;
      }
      return { events, region, isComplete };
    },
  };
}

function paced(call: ReturnType<typeof jsonCalls>, { now, sleep }: Clock) {
  const turn = pace({ now, sleep }, INTERVAL);
  const once = async (input: object): Promise<Page> => {
    await turn();
    return await ask(LOOK_UP, async () => pageOf(await call('LookupEvents', input)), special);
  };
  return (input: object) => tryAgain(LOOK_UP, () => once(input), { tries: TRIES, sleep });
}

/** What of an answer is read. */
const Page = z.object({
  Events: z
    .array(
      z.object({
        /** In seconds. */
        EventTime: z.number().optional(),
        EventName: z.string().optional(),
        EventSource: z.string().optional(),
        CloudTrailEvent: z.string().optional(),
      }),
    )
    .optional(),
  NextToken: z.string().optional(),
});
type Page = z.infer<typeof Page>;

/** @throws TypeError where it is none: a proxy answers 200, too */
function pageOf(answer: unknown): Page {
  const { data } = Page.safeParse(answer);
  if (data === undefined) throw new TypeError('the answer is no page of events');
  return data;
}

/** What of an event's own JSON is read; anything in it may be missing. */
const Detail = z.object({
  sourceIPAddress: z.string().optional().catch(undefined),
  userAgent: z.string().optional().catch(undefined),
  errorCode: z.string().optional().catch(undefined),
});

function toUsage(
  {
    EventTime,
    EventName = 'unknown',
    EventSource = 'unknown',
    CloudTrailEvent = '{}',
  }: NonNullable<Page['Events']>[number],
  region: string,
  since: Instant,
): UsageEvent {
  const { sourceIPAddress, userAgent, errorCode } = detailOf(CloudTrailEvent);
  return {
    at: EventTime === undefined ? since : Math.round(EventTime * SECOND),
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
