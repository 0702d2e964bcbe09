/** One request an iteration, as long as it is let; what a threshold asks is the test's to say. */
import http from 'k6/http';
import type { Options } from 'k6/options';

const users = Number(__ENV.MAX_USERS);

export const options: Options = {
  scenarios: {
    visit: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE),
      timeUnit: '1s',
      duration: __ENV.DURATION ?? '1h',
      preAllocatedVUs: users,
      maxVUs: users,
    },
  },
  thresholds: __ENV.THRESHOLD === undefined ? {} : { http_req_failed: [__ENV.THRESHOLD] },
};

export default function visit(): void {
  http.get(`${__ENV.BASE_URL}/`, { timeout: '10s' });
}
