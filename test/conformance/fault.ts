import { expect, it } from 'vitest';
import type { FaultSpec } from '../../src/definition/scenario.ts';
import type { Environment, Running } from '../../src/environments/environment.ts';
import type { Fault, Injection } from '../../src/faults/fault.ts';
import { FaultError } from '../../src/faults/fault.ts';

/** A platform that a fault can be tried on. */
export interface FaultBed {
  readonly environment: Environment;
  readonly running: Running;
  /** Whether clients of the target are served at this moment. */
  serves(): Promise<boolean>;
}

export interface FaultCase<S extends FaultSpec> {
  readonly fault: Fault<S>;
  /** A spec that breaks the service of the bed. */
  readonly breaks: S;
  /** What is changed by way of others (an API server, kube-proxy) shows to clients a little later; default: at once. */
  readonly showsWithinMs?: number;
  /** Brings about that there is nothing to break, and gives the spec that would break it. */
  nothing(running: Running): Promise<S>;
}

/** What every fault must do, whatever it breaks. `bed` gives a healthy platform, new for each test. */
export function faultConformance<S extends FaultSpec>(
  { fault, breaks, showsWithinMs = 0, nothing }: FaultCase<S>,
  bed: () => Promise<FaultBed>,
): void {
  const broken = async (): Promise<FaultBed & { readonly injection: Injection }> => {
    const at = await bed();
    const injection = await fault.prepare(at.running, 'broken', breaks);
    await fault.inject(at.running, injection);
    return { ...at, injection };
  };

  it('prepares an injection that is plain JSON, and changes nothing', async () => {
    const { running, serves } = await bed();
    const injection = await fault.prepare(running, 'broken', breaks);
    expect(JSON.parse(JSON.stringify(injection))).toEqual(injection);
    expect(await serves()).toBe(true);
  });

  it('refuses a target that has nothing to break', async () => {
    const { running } = await bed();
    await expect(fault.prepare(running, 'broken', await nothing(running))).rejects.toThrow(FaultError);
  });

  it('breaks what it was prepared for, says that it is active, and can be injected twice', async () => {
    const { running, serves, injection } = await broken();
    if (showsWithinMs > 0) await expect.poll(serves, { timeout: showsWithinMs }).toBe(false);
    else expect(await serves()).toBe(false);
    expect(await fault.status(running, injection)).toBe('active');
    await fault.inject(running, injection);
    expect(await serves()).toBe(false);
  });

  it('heals, and says that it is gone', async () => {
    const { running, serves, injection } = await broken();
    await fault.heal(running, injection);
    await expect.poll(serves, { timeout: 20_000 }).toBe(true);
    expect(await fault.status(running, injection)).toBe('gone');
  });

  it('can be healed twice, and before it was injected', async () => {
    const { running, serves } = await bed();
    const injection = await fault.prepare(running, 'broken', breaks);
    await fault.heal(running, injection);
    expect(await fault.status(running, injection)).toBe('gone');
    await fault.inject(running, injection);
    await fault.heal(running, injection);
    await fault.heal(running, injection);
    await expect.poll(serves, { timeout: 20_000 }).toBe(true);
  });

  it('is healed by another process, from the journaled records alone', async () => {
    const { environment, running, serves, injection } = await broken();
    const other = await environment.attach(JSON.parse(JSON.stringify(running.record)));
    const read = JSON.parse(JSON.stringify(injection)) as Injection;
    expect(await fault.status(other, read)).toBe('active');
    await fault.heal(other, read);
    await expect.poll(serves, { timeout: 20_000 }).toBe(true);
    expect(await fault.status(other, read)).toBe('gone');
  });
}
