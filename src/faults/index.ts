import type { FaultSpec } from '../definition/scenario.ts';
import type { Fault } from './fault.ts';
import { kill } from './kill.ts';
import { pause } from './pause.ts';
import { request } from './request.ts';
import { sql } from './sql.ts';
import { start } from './start.ts';

/** Every fault drillbook can inject: one file and one line each. */
export const faults: { readonly [K in FaultSpec['fault']]: Fault<Extract<FaultSpec, { fault: K }>> } = {
  kill,
  pause,
  request,
  start,
  sql,
};

/** The fault of a spec. Each implementation only ever sees specs of its own kind. */
export function faultOf(spec: FaultSpec): Fault {
  return faults[spec.fault] as Fault;
}
