import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { Instant } from '../../domain/time.ts';
import { counted, dayOf, number } from '../common/wording.ts';
import { markup, NOTHING, type Markup } from './html.ts';
import { table, time } from './section.ts';

const [WIDTH, HEIGHT] = [480, 190];
const EDGE = { left: 34, right: 40, top: 20, bottom: 26 };

export interface TrendPoint {
  readonly at: Instant;
  readonly count: number;
}

/** Keys over the limit, run by run. @param points oldest first, at least two */
export function trendChart(points: readonly TrendPoint[]): Markup {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last) return NOTHING;
  const x = scaleLinear([first.at, last.at], [EDGE.left, WIDTH - EDGE.right]);
  const most = Math.max(1, ...points.map(({ count }) => count));
  const y = scaleLinear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]).nice(3);
  const [left, right] = [x(first.at), x(last.at)];
  const along = line<TrendPoint>(
    ({ at }) => x(at),
    ({ count }) => y(count),
  )(points);
  const under = area<TrendPoint>(
    ({ at }) => x(at),
    y(0),
    ({ count }) => y(count),
  )(points);
  const ticks = y.ticks(3).filter(Number.isInteger);
  const label = `Active keys over their limit in ${counted(points.length, 'run')}: ${number(first.count)} on ${dayOf(first.at)}, ${number(last.count)} on ${dayOf(last.at)}`;
  return markup`<figure class="chart">
    <figcaption>Active keys over their limit, run by run</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
      ${ticks.map(
        (tick) =>
          markup`<line class="rule" x1="${left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" />
            <text class="tick" x="${left - 8}" y="${y(tick) + 4}" text-anchor="end">${number(tick)}</text>`,
      )}
      <path class="area" d="${{ markup: under ?? '' }}" />
      <path class="line" d="${{ markup: along ?? '' }}" />
      ${points.map(({ at, count }) => markup`<circle class="dot" cx="${round(x(at))}" cy="${round(y(count))}" r="2.5"><title>${dayOf(at)}: ${number(count)}</title></circle>`)}
      <circle class="last" cx="${right}" cy="${y(last.count)}" r="5" />
      <text class="value" x="${right + 10}" y="${y(last.count) + 5}">${number(last.count)}</text>
      <text class="tick" x="${left}" y="${HEIGHT - 6}">${dayOf(first.at)}</text>
      <text class="tick" x="${right}" y="${HEIGHT - 6}" text-anchor="end">${dayOf(last.at)}</text>
    </svg>
    <details>
      <summary>As a table</summary>
      ${table(
        'Active keys over their limit, run by run',
        [
          { label: 'Run of', cell: ({ at }: TrendPoint) => time(at) },
          { label: 'Keys', cell: ({ count }) => number(count), isNumber: true },
        ],
        [...points].reverse(),
      )}
    </details>
  </figure>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
