import { z } from 'zod';
import { ExchangeError, type HttpRequest, openExchange, placesOf, readBody } from '../clients/http.ts';
import { type FaultSpec, victimOf } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { targetInstance } from './target.ts';

type RequestSpec = Extract<FaultSpec, { fault: 'request' }>;

const answerWithinMs = 5000;
const longestAnswerBytes = 64 * 1024;
const shownCharacters = 300;

const stateAnswer = z.object({ state: z.enum(['active', 'gone', 'superseded']) });

/**
 * Breaks a platform through its own door for faults: PUT injects, DELETE heals, GET tells the state. What the platform
 * then does is its own doing, as an emulated cloud that rejects every key.
 */
export const request: Fault<RequestSpec> = {
  kind: 'request',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const injection: Injection = { id, spec, instance, processes: [] };
    const answer = await exchange(running, injection, { method: 'GET' });
    if (stateOf(answer) === null)
      throw refusal(injection, answer, 'expected 200 with {"state": "active" | "gone" | "superseded"}');
    return injection;
  },

  async inject(running, injection) {
    const { body = {} } = injection.spec as RequestSpec;
    const answer = await exchange(running, injection, { method: 'PUT', body: JSON.stringify(body) });
    if (!isSuccess(answer)) throw refusal(injection, answer, 'the fault was not injected');
  },

  /** What the door does not know is not there: healed. */
  async heal(running, injection) {
    const answer = await exchange(running, injection, { method: 'DELETE' });
    if (!isSuccess(answer) && answer.status !== 404)
      throw refusal(injection, answer, 'the fault was not healed');
  },

  async status(running, injection): Promise<FaultStatus> {
    try {
      return stateOf(await exchange(running, injection, { method: 'GET' })) ?? 'unknown';
    } catch (error) {
      if (error instanceof FaultError) return 'unknown';
      throw error;
    }
  },
};

interface Answer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** @throws FaultError when no answer comes in time */
async function exchange(
  running: Running,
  { id, instance, spec }: Injection,
  what: Pick<HttpRequest, 'method' | 'body'>,
): Promise<Answer> {
  const { path, target } = spec as RequestSpec;
  const address = await running.address(instance);
  const { name, host, port } = address;
  const url = `http://${name}:${port}${path}`;
  const abort = AbortSignal.timeout(answerWithinMs);
  try {
    const response = await openExchange(
      { name, host, port, hosts: running.hosts, ...placesOf(address) },
      { ...what, path },
      abort,
    );
    const text = await readBody(response, longestAnswerBytes, abort);
    return { method: what.method, url, status: response.statusCode ?? 0, text };
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    const why = error.code === 'timeout' ? `no answer within ${answerWithinMs / 1000} s` : error.code;
    throw new FaultError(`${id}: ${what.method} ${url} (${target}): ${why}; is ${instance} running?`, {
      cause: error,
    });
  }
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function stateOf(answer: Answer): 'active' | 'gone' | 'superseded' | null {
  if (answer.status !== 200) return null;
  try {
    return stateAnswer.safeParse(JSON.parse(answer.text)).data?.state ?? null;
  } catch {
    return null; // no JSON: not the door for faults
  }
}

function refusal(
  { id, spec }: Injection,
  { method, url, status, text }: Answer,
  outcome: string,
): FaultError {
  const said = text.trim().slice(0, shownCharacters);
  return new FaultError(
    `${id}: ${method} ${url} (${victimOf(spec)}) answered ${status}${said === '' ? '' : `: ${said}`}; ${outcome}`,
  );
}
