export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  /** What one more adds. */
  readonly slope: number;
  readonly intercept: number;
  /** How far the farthest point lies from the line, as a share of what the line says there. */
  readonly deviation: number;
}

/** By least squares. */
export function fitLine(points: readonly Point[]): Line {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const slope =
    mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) * (point.x - x));
  const intercept = y - slope * x;
  const deviations = points.map((point) => {
    const expected = intercept + slope * point.x;
    return Math.abs(point.y - expected) / expected;
  });
  return { slope, intercept, deviation: Math.max(...deviations) };
}
