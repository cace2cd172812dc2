import { init, use } from 'echarts/core';
import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import { sumOf } from '../test/support/calls-by-action.ts';
import type { Measured } from './measure-calls.ts';

use([BarChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const TEXT = '#1f2328';
const [OURS, NAIVE] = ['#0969da', '#bf8700'];
const FONT = 'Helvetica, Arial, sans-serif';

/** Calls per user, so that organizations of any size fit beside each other; in all, at the end of each bar. */
export function callsChart(measured: readonly Measured[]): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 800, height: 460 });
  const bars = (name: string, color: string, calls: (one: Measured) => number) => ({
    type: 'bar' as const,
    name,
    color,
    barGap: '10%',
    data: measured.map((one) => ({
      value: calls(one) / one.users,
      label: { formatter: Math.round(calls(one)).toLocaleString('en-US') },
    })),
    label: { show: true, position: 'right' as const, color: TEXT, fontFamily: FONT },
  });
  chart.setOption({
    // GitHub's dark pages would swallow the text.
    backgroundColor: '#ffffff',
    animation: false,
    textStyle: { fontFamily: FONT, color: TEXT },
    title: {
      text: 'Calls to AWS per user and run',
      subtext: 'At the end of each bar: calls of the whole run',
      left: 16,
      top: 12,
      textStyle: { fontSize: 16, color: TEXT },
      subtextStyle: { color: TEXT },
    },
    legend: { right: 16, top: 16, itemGap: 32, textStyle: { color: TEXT } },
    grid: { left: 220, right: 56, top: 72, bottom: 32 },
    xAxis: { type: 'value', axisLabel: { color: TEXT }, splitLine: { lineStyle: { color: '#d1d9e0' } } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: measured.map(({ name }) => name),
      axisLabel: { color: TEXT, fontSize: 13 },
      axisTick: { show: false },
    },
    series: [
      bars('this service', OURS, ({ ours }) => sumOf(ours)),
      bars('user by user', NAIVE, ({ naive }) => sumOf(naive)),
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
