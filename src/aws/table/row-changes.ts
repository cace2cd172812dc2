import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { definedOnly } from '../../domain/defined-only.ts';
import { InputError } from '../../domain/errors.ts';
import type { RowChange, RowValues } from '../../domain/report/row-change.ts';

/* What the stream of the table says, as Lambda hands it over. */

const Image = z.record(z.string(), z.looseObject({}));
const Event = z.object({
  Records: z.array(
    z.object({
      userIdentity: z.object({ principalId: z.string().optional() }).nullish(),
      dynamodb: z.object({
        Keys: z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) }),
        OldImage: Image.optional(),
        NewImage: Image.optional(),
      }),
    }),
  ),
});

/** Who removes rows whose `expiresAt` is over. */
const TIME_TO_LIVE = 'dynamodb.amazonaws.com';

/** @throws InputError when it is no event of the table's stream with both images */
export function rowChangesIn(event: unknown): readonly RowChange[] {
  const parsed = Event.safeParse(event);
  if (!parsed.success) throw new InputError(['must be an event of the stream of the table']);
  return parsed.data.Records.map(({ userIdentity, dynamodb: { Keys, OldImage, NewImage } }) => ({
    pk: Keys.pk.S,
    sk: Keys.sk.S,
    ...definedOnly({ before: valuesOf(OldImage), after: valuesOf(NewImage) }),
    expired: userIdentity?.principalId === TIME_TO_LIVE,
  }));
}

function valuesOf(image: z.infer<typeof Image> | undefined): RowValues | undefined {
  if (image === undefined) return undefined;
  const {
    pk: _,
    sk: __,
    ...values
  } = unmarshall(image as unknown as Record<string, AttributeValue>, {
    wrapNumbers: Number,
  });
  return values;
}
