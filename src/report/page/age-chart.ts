import { scaleLinear } from 'd3-scale';
import type { StoredPolicy } from '../../domain/report/stored-run.ts';
import { DAY, type Duration } from '../../domain/time.ts';
import { counted, number } from '../common/wording.ts';
import { markup, type Markup } from './html.ts';
import { table } from './section.ts';

const [WIDTH, HEIGHT] = [640, 280];
const EDGE = { left: 6, right: 6, top: 58, bottom: 46 };
/** Of the same width up to a third over the limit; three wider ones take the rest. */
const EVEN_BINS = 12;
const TO_LIMIT = 9;
/** What is one key among a thousand is still seen. */
const LEAST_HEIGHT = 3;

interface Bin {
  /** In days; the last one has no end. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How many keys there are of each age. */
function ageBins(
  ages: readonly Duration[],
  { deleteAfter }: Pick<StoredPolicy, 'deleteAfter'>,
): readonly Bin[] {
  const limit = deleteAfter / DAY;
  const step = Math.max(1, Math.ceil(limit / TO_LIMIT));
  const edges = [
    ...Array.from({ length: EVEN_BINS + 1 }, (_, index) => index * step),
    step * 18,
    step * 36,
    Infinity,
  ];
  return edges.slice(1).map((to, index) => {
    const from = edges[index] ?? 0;
    return { from, to, count: ages.filter((age) => age >= from * DAY && age < to * DAY).length };
  });
}

const range = ({ from, to }: Bin): string =>
  to === Infinity ? `${number(from)} days and more` : `${number(from)} to ${number(to)} days`;

/** How old the active keys are, with the ages at which the policy acts. */
export function ageChart(ages: readonly Duration[], policy: StoredPolicy): Markup {
  const bins = ageBins(ages, policy);
  const width = (WIDTH - EDGE.left - EDGE.right) / bins.length;
  const bottom = HEIGHT - EDGE.bottom;
  const y = scaleLinear([0, Math.max(1, ...bins.map(({ count }) => count))], [bottom, EDGE.top + 18]);
  const step = bins[0]?.to ?? 1;
  const x = scaleLinear([0, step * EVEN_BINS], [EDGE.left, EDGE.left + width * EVEN_BINS]);
  const days = (duration: Duration) => Math.round((duration / DAY) * 10) / 10;
  const lines = [
    { at: days(policy.rotateAfter), label: 'replaced', row: 0 },
    { at: days(policy.deactivateAfter), label: 'off if moved', row: 1 },
    { at: days(policy.deleteAfter), label: 'limit', row: 2 },
  ].filter(({ at }) => at <= step * EVEN_BINS);
  const over = ages.filter((age) => age >= policy.deleteAfter).length;
  return markup`<div class="beside">
    <figure class="chart">
      <svg
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        role="img"
        aria-label="Active keys by age: ${number(over)} of ${counted(ages.length, 'key')} are ${days(policy.deleteAfter)} days old or older"
      >
        ${bins.map((bin, index) => {
          const left = EDGE.left + index * width;
          const top = bin.count === 0 ? bottom : Math.min(y(bin.count), bottom - LEAST_HEIGHT);
          const kind =
            bin.from * DAY >= policy.deleteAfter
              ? 'over'
              : bin.from * DAY >= policy.rotateAfter
                ? 'due'
                : 'young';
          return markup`<rect
              class="bar ${kind}"
              x="${fine(left + 1.5)}"
              y="${fine(top)}"
              width="${fine(width - 3)}"
              height="${fine(bottom - top)}"
              ><title>${range(bin)}: ${counted(bin.count, 'key')}</title></rect
            >
            ${bin.count === 0 ? '' : markup`<text class="count" x="${fine(left + width / 2)}" y="${fine(top - 4)}" text-anchor="middle">${number(bin.count)}</text>`}
            <text
              class="tick ${index === EVEN_BINS + 1 ? 'between' : ''}"
              x="${fine(left + (index < EVEN_BINS ? 0 : width / 2))}"
              y="${bottom + 18}"
              text-anchor="${index === 0 ? 'start' : 'middle'}"
              >${index % 3 === 0 && index < EVEN_BINS ? number(bin.from) : ''}${index >= EVEN_BINS ? `${number(bin.from)}+` : ''}</text
            >`;
        })}
        <line class="axis" x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${bottom}" y2="${bottom}" />
        ${lines.map(
          ({ at, label, row }) =>
            markup`<line
                class="threshold"
                x1="${fine(x(at))}"
                x2="${fine(x(at))}"
                y1="${2 + row * 19}"
                y2="${bottom}"
              />
              <text class="label" x="${fine(x(at) - 5)}" y="${14 + row * 19}" text-anchor="end"
                >${number(at)} days: ${label}</text
              >`,
        )}
        <text class="tick" x="${WIDTH / 2}" y="${HEIGHT - 6}" text-anchor="middle">age in days</text>
      </svg>
      <details>
        <summary>As a table</summary>
        ${table(
          'Active keys by age',
          [
            { label: 'Age', cell: range },
            { label: 'Active keys', cell: ({ count }: Bin) => number(count), isNumber: true },
          ],
          bins,
        )}
      </details>
    </figure>
    ${legend(ages, policy)}
  </div>`;
}

/** What the lines mean, and how many keys lie between them. */
function legend(
  ages: readonly Duration[],
  { rotateAfter, deactivateAfter, deleteAfter }: StoredPolicy,
): Markup {
  const between = (from: Duration, to: Duration) =>
    counted(ages.filter((age) => age >= from && age < to).length, 'key');
  const term = (kind: string, words: string, count: string, meaning: string) =>
    markup`<dt class="${kind}">${words}</dt>
      <dd><b>${count}</b> ${meaning}</dd>`;
  const days = (duration: Duration) => number(Math.round((duration / DAY) * 10) / 10);
  return markup`<dl class="legend">
    ${term('young', `Under ${days(rotateAfter)} days`, between(0, rotateAfter), 'of which nothing is asked.')}
    ${term('due', `${days(rotateAfter)} to ${days(deleteAfter)} days`, between(rotateAfter, deleteAfter), `on the way out: a key in use gets a replacement, and is switched off from ${days(deactivateAfter)} days on once its owner has moved.`)}
    ${term('over', `${days(deleteAfter)} days and more`, between(deleteAfter, Infinity), 'over the limit.')}
  </dl>`;
}

const fine = (value: number): number => Math.round(value * 10) / 10;
