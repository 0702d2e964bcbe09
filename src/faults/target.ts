import type { ProcessState, Running } from '../environments/environment.ts';
import type { Injection } from './fault.ts';

/** Which instance a role, component or instance name means at this moment. */
export async function targetInstance(running: Running, target: string): Promise<string> {
  return (await running.address(target)).instance;
}

/** True when the process is one that the injection was prepared for, not a later one that got its pid. */
export function sameProcess(injection: Injection, process: ProcessState): boolean {
  return injection.processes.some(
    ({ pid, pidStart }) => pid === process.pid && pidStart === process.pidStart,
  );
}
