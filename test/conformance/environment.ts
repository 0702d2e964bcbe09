import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../src/definition/platform.ts';
import { type Environment, EnvironmentError, type Running } from '../../src/environments/environment.ts';
import { type RecordedSite, recordedRun } from './recorded-site.ts';

/** A platform for the suite to run: one component with one process that an HTTP ready check finds, and a role that means it. */
export interface ConformanceSubject {
  /** A new one each time: what one knows in memory must not be needed by another. */
  environment(): Environment;
  readonly platform: Platform;
  readonly role: string;
  readonly component: string;
  /** The same platform whose component writes `expected` to its log and ends. */
  readonly broken: { readonly platform: Platform; readonly expected: string };
  /** What the command line confirms, where that is asked for. */
  readonly confirmed?: readonly string[];
  /** The platform was there before the run, and is there afterwards: nothing of it is started, stopped or ended by the environment. */
  readonly existing?: true;
}

/** What holds for every environment. */
export function environmentConformance(name: string, subject: ConformanceSubject): void {
  describe(`environment ${name}`, () => {
    let reportDir: string;
    let site: RecordedSite;
    let running: Running;
    const existedAtRecord: boolean[] = [];

    beforeAll(async () => {
      reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
      const recorded = recordedRun(`conformance-${name}-${process.pid}`, reportDir, (event) => {
        if (event.type === 'environment') existedAtRecord.push(existsSync(event.record.runDir));
      });
      site = confirmedBy(subject, recorded);
      running = await subject.environment().up(subject.platform, site);
    });

    afterAll(async () => {
      await subject.environment().down(site.record());
      await rm(reportDir, { recursive: true, force: true });
    });

    it('finds nothing missing for a platform that runs', async () => {
      const problems = await subject.environment().check(subject.platform);
      expect(problems.filter(({ note }) => note !== true)).toEqual([]);
    });

    it('journals its record once, before anything exists, as plain JSON', () => {
      expect(existedAtRecord).toEqual([false]);
      expect(JSON.parse(JSON.stringify(site.record()))).toEqual(site.record());
      expect(site.events[0]?.type).toBe('environment');
      expect(running.record).toEqual(site.record());
    });

    it.skipIf(subject.existing)('journals each process that it started', async () => {
      const started = site.events.filter((event) => event.type === 'component.started');
      const processes = await running.signal({ target: subject.component, scope: 'leader' }, null);
      expect(started.map(({ pid, pidStart }) => ({ pid, pidStart }))).toEqual(
        processes.map(({ pid, pidStart }) => ({ pid, pidStart })),
      );
    });

    it('answers at the address of a role, which its component and instance have, too', async () => {
      const address = await running.address(subject.role);
      expect(address).toMatchObject({ role: subject.role, component: subject.component });
      expect(await running.address(address.instance)).toMatchObject({
        host: address.host,
        port: address.port,
      });
      expect(running.hosts[address.name]).toBe(address.host);
      const answer = await fetch(`http://${address.host}:${address.port}/`);
      expect(answer.ok).toBe(true);
      await answer.arrayBuffer();
    });

    it('refuses a name that the platform does not have', async () => {
      await expect(running.address('no-such-thing')).rejects.toThrow(EnvironmentError);
      await expect(running.signal({ target: 'no-such-thing', scope: 'component' }, null)).rejects.toThrow(
        'no-such-thing',
      );
    });

    it("gives a command's failure as its result", async () => {
      const options = { session: 'conformance', timeoutMs: 30_000 };
      expect(await running.exec('echo out; echo err >&2; false', options)).toMatchObject({
        exitCode: 1,
        stdout: 'out\n',
        stderr: 'err\n',
      });
    });

    it.runIf(subject.existing)(
      'starts nothing of a platform that is there, and sends it no signals',
      async () => {
        expect(site.events.map(({ type }) => type)).toEqual(['environment']);
        const target = { target: subject.role, scope: 'component' } as const;
        const before = await running.signal(target, null);
        expect(before.length).toBeGreaterThan(0);
        await expect(running.signal(target, 'SIGSTOP')).rejects.toThrow(EnvironmentError);
        expect(await running.signal(target, null)).toEqual(before);
      },
    );

    it.skipIf(subject.existing)('stops processes and lets them go on', async () => {
      const target = { target: subject.role, scope: 'component' } as const;
      const before = await running.signal(target, 'SIGSTOP');
      expect(before.length).toBeGreaterThan(0);
      expect(before.every(({ state }) => state === 'running')).toBe(true);
      const stopped = await running.signal(target, null);
      expect(stopped.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
      expect(stopped.every(({ state }) => state === 'stopped')).toBe(true);
      await running.signal(target, 'SIGCONT');
      expect((await running.signal(target, null)).every(({ state }) => state === 'running')).toBe(true);
    });

    it('keeps down what is held, for every process of drillbook, until it is released', async () => {
      const { instance } = await running.address(subject.role);
      const killed = await running.signal({ target: instance, scope: 'component', hold: true }, 'SIGKILL');
      expect(killed.length).toBeGreaterThan(0);
      const attached = await subject.environment().attach(site.record());
      expect(await attached.signal({ target: instance, scope: 'component' }, null)).toEqual([]);
      // A process that was paused before by its title went with it: letting it go on is no error.
      expect(await attached.signal({ target: instance, scope: { match: 'node' } }, 'SIGCONT')).toEqual([]);
      await expect(running.start(instance, 'normal')).rejects.toThrow(/held|hold/);
      await expect(attached.start(instance, 'normal')).rejects.toThrow(/held|hold/);
      expect(await attached.exec('echo attached', { session: 'attached', timeoutMs: 30_000 })).toMatchObject({
        stdout: 'attached\n',
      });
      await attached.signal({ target: instance, scope: 'component', release: true }, null);
      await running.start(instance, 'normal');
      const again = await running.signal({ target: instance, scope: 'leader' }, null);
      expect(again).toHaveLength(1);
      expect(
        killed.some(({ pid, pidStart }) => again[0]?.pid === pid && again[0].pidStart === pidStart),
      ).toBe(false);
      await running.start(instance, 'normal');
      expect(await running.signal({ target: instance, scope: 'leader' }, null)).toHaveLength(1);
    });

    it('ends a component for good, from any process of drillbook, until its hold is released', async () => {
      const target = { target: subject.component, scope: 'component' } as const;
      const attached = await subject.environment().attach(site.record());
      for (const each of [attached, running]) await each.start(subject.component, 'stop');
      expect(await running.signal(target, null)).toEqual([]);
      await expect(running.start(subject.component, 'normal')).rejects.toThrow(/held|hold/);
      await running.signal({ ...target, release: true }, null);
      await running.start(subject.component, 'normal');
      expect(await running.signal({ ...target, scope: 'leader' }, null)).toHaveLength(1);
    });

    it('returns nothing that could go a separate way, but databases', async () => {
      await expect(running.start(subject.role, 'returned')).rejects.toThrow('only databases can');
      expect(await running.signal({ target: subject.role, scope: 'leader' }, null)).toHaveLength(1);
    });

    it('leaves nothing of a platform that does not start, and says why with the end of its log', async () => {
      const failing = confirmedBy(
        subject,
        recordedRun(`conformance-broken-${name}-${process.pid}`, reportDir),
      );
      const environment = subject.environment();
      const failure = environment.up(subject.broken.platform, failing);
      await expect(failure).rejects.toThrow(EnvironmentError);
      await expect(failure).rejects.toThrow(subject.broken.expected);
      expect(existsSync(failing.record().runDir)).toBe(false);
      expect(await environment.down(failing.record())).toEqual([]);
    });

    it('is removed from the record alone, and removing it again does nothing', async () => {
      const { instance } = await running.address(subject.role);
      const address = await running.address(instance);
      expect(await subject.environment().down(site.record())).toEqual([]);
      expect(existsSync(site.record().runDir)).toBe(false);
      const asked = fetch(`http://${address.host}:${address.port}/`);
      if (subject.existing) expect((await asked).ok).toBe(true);
      else await expect(asked).rejects.toThrow();
      expect(await subject.environment().down(site.record())).toEqual([]);
      expect(existsSync(site.record().runDir)).toBe(false);
    });

    it.skipIf(subject.existing)('is not attached to when it is removed', async () => {
      await subject.environment().down(site.record());
      await expect(subject.environment().attach(site.record())).rejects.toThrow(EnvironmentError);
    });

    it.runIf(subject.existing)(
      'is attached to from the record alone, for what faults did outlives all else',
      async () => {
        await subject.environment().down(site.record());
        const attached = await subject.environment().attach(site.record());
        expect(await attached.signal({ target: subject.role, scope: 'leader' }, null)).toHaveLength(1);
        expect(await subject.environment().down(site.record())).toEqual([]);
        expect(existsSync(site.record().runDir)).toBe(false);
      },
    );
  });
}

function confirmedBy({ confirmed }: ConformanceSubject, site: RecordedSite): RecordedSite {
  return confirmed === undefined ? site : { ...site, confirmed };
}
