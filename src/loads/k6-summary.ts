import { z } from 'zod';
import type { LoadFigures, LoadThreshold } from '../timeline/load-marks.ts';

/** Numbers of a metric, and its thresholds: true where one was crossed. */
const metric = z.looseObject({ thresholds: z.record(z.string(), z.boolean()).optional() });
const summary = z.looseObject({ metrics: z.record(z.string(), metric) });
type Metrics = z.infer<typeof summary>['metrics'];

/** What `k6 run --summary-export` wrote. @throws Error when it is no such summary */
export function figuresOf(text: string): LoadFigures {
  const parsed = summary.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`it is no summary of k6: ${z.prettifyError(parsed.error)}`);
  const { metrics } = parsed.data;
  const requests = numberOf(metrics, 'http_reqs', 'count') ?? 0;
  return {
    requests,
    failedRatio: requests === 0 ? null : numberOf(metrics, 'http_req_failed', 'value'),
    p95Ms: succeeded(metrics, 'p(95)'),
    p99Ms: succeeded(metrics, 'p(99)'),
    iterations: numberOf(metrics, 'iterations', 'count') ?? 0,
    // k6 leaves a counter out that never counted.
    droppedIterations: numberOf(metrics, 'dropped_iterations', 'count') ?? 0,
    thresholds: Object.entries(metrics).flatMap(([name, { thresholds = {} }]) =>
      Object.entries(thresholds).map(
        ([condition, crossed]): LoadThreshold => ({ metric: name, condition, ok: !crossed }),
      ),
    ),
  };
}

function succeeded(metrics: Metrics, percentile: string): number | null {
  return numberOf(metrics, 'http_req_duration{expected_response:true}', percentile);
}

function numberOf(metrics: Metrics, name: string, field: string): number | null {
  const value = metrics[name]?.[field];
  return typeof value === 'number' ? value : null;
}
