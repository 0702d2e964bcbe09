import type { FaultSpec } from '../definition/scenario.ts';
import { apiServerUnreachable } from './api-server-unreachable.ts';
import { clock } from './clock.ts';
import { clusterDns } from './cluster-dns.ts';
import { cutOff } from './cut-off.ts';
import { deleteObject } from './delete-object.ts';
import { deletePods } from './delete-pods.ts';
import { disconnect } from './disconnect.ts';
import type { Fault } from './fault.ts';
import { fillDisk } from './fill-disk.ts';
import { hog } from './hog.ts';
import { kill } from './kill.ts';
import { limit } from './limit.ts';
import { partition } from './partition.ts';
import { patch } from './patch.ts';
import { pause } from './pause.ts';
import { replaceFile } from './replace-file.ts';
import { request } from './request.ts';
import { sql } from './sql.ts';
import { start } from './start.ts';
import { toxic } from './toxic.ts';

/** Every fault drillbook can inject: one file and one line each. */
export const faults: { readonly [K in FaultSpec['fault']]: Fault<Extract<FaultSpec, { fault: K }>> } = {
  kill,
  pause,
  request,
  start,
  sql,
  disconnect,
  partition,
  toxic,
  'fill-disk': fillDisk,
  limit,
  clock,
  'replace-file': replaceFile,
  'delete-pods': deletePods,
  patch,
  'delete-object': deleteObject,
  hog,
  'api-server-unreachable': apiServerUnreachable,
  'cluster-dns': clusterDns,
  'cut-off': cutOff,
};

/** The fault of a spec. Each implementation only ever sees specs of its own kind. */
export function faultOf(spec: FaultSpec): Fault {
  return faults[spec.fault] as Fault;
}
