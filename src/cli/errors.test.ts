import { describe, expect, it, vi } from 'vitest';
import { EnvironmentError, TargetRefusedError } from '../environments/environment.ts';
import { exitCodes, printError } from './errors.ts';

describe('printError', () => {
  it.each([
    [new TargetRefusedError('platforms/a.yaml:3: refused'), exitCodes.refused],
    [new EnvironmentError('there is no context'), exitCodes.wrong],
  ])('says %s once, without a stack', (error, code) => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(printError(error)).toBe(code);
    expect(write.mock.calls).toEqual([[`drillbook: ${error.message}\n`]]);
    write.mockRestore();
  });
});
