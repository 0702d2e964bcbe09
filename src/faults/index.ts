import type { FaultSpec } from '../definition/scenario.ts';
import type { Fault } from './fault.ts';
import { kill } from './kill.ts';
import { pause } from './pause.ts';

/** Every fault drillbook can inject: one file and one line each. */
export const faults: { readonly [K in FaultSpec['fault']]: Fault<Extract<FaultSpec, { fault: K }>> } = {
  kill,
  pause,
};

/** The fault of a spec. Each implementation only ever sees specs of its own kind. */
export function faultOf(spec: FaultSpec): Fault {
  return faults[spec.fault] as Fault;
}
