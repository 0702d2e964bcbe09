import { describe, expect, it } from 'vitest';
import { figuresOf } from './k6-summary.ts';

const summary = {
  metrics: {
    http_reqs: { count: 78, rate: 20.1 },
    http_req_failed: { passes: 39, fails: 39, value: 0.5, thresholds: { 'rate<0.01': true } },
    http_req_duration: { 'p(95)': 1, 'p(99)': 1, thresholds: { 'p(95)<5000': false } },
    'http_req_duration{expected_response:true}': { 'p(95)': 4.8, 'p(99)': 6.4 },
    iterations: { count: 77 },
    dropped_iterations: { count: 2 },
  },
};

describe('a summary of k6', () => {
  it('has its figures, the times of the requests that succeeded, and a threshold is ok where k6 says false', () => {
    expect(figuresOf(JSON.stringify(summary))).toEqual({
      requests: 78,
      failedRatio: 0.5,
      p95Ms: 4.8,
      p99Ms: 6.4,
      iterations: 77,
      droppedIterations: 2,
      thresholds: [
        { metric: 'http_req_failed', condition: 'rate<0.01', ok: false },
        { metric: 'http_req_duration', condition: 'p(95)<5000', ok: true },
      ],
    });
  });

  it('without a request, a success or a dropped iteration claims none', () => {
    expect(figuresOf('{"metrics":{"http_req_failed":{"value":0}}}')).toEqual({
      requests: 0,
      failedRatio: null,
      p95Ms: null,
      p99Ms: null,
      iterations: 0,
      droppedIterations: 0,
      thresholds: [],
    });
  });

  it.each(['', '[]', '{"metrics": 1}', '{"metrics":{"http_reqs":{"thresholds":{"x":"no"}}}}'])(
    'is not %j',
    (text) => {
      expect(() => figuresOf(text)).toThrow();
    },
  );
});
