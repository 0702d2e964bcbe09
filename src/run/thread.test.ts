import { describe, expect, it } from 'vitest';
import { siblingModule, startThread, type ThreadError } from './thread.ts';

const module = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

function start(code: string) {
  const died = Promise.withResolvers<ThreadError>();
  const thread = startThread<string, string>({
    name: 'test',
    module: module(code),
    originHr: '0',
    onEvent: () => {},
    onError: died.resolve,
  });
  return { thread, died: died.promise };
}

describe('a thread of the harness', () => {
  it('reports its own death once and fails what was asked of it', async () => {
    const { thread, died } = start(`
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', () => { throw new Error('out of luck'); });`);
    await expect(thread.request('go')).rejects.toThrow('out of luck');
    expect((await died).message).toContain('the test thread failed: out of luck');
    await expect(thread.request('again')).rejects.toThrow('out of luck');
  });

  it('notices a thread that ends without an error', async () => {
    const { died } = start('process.exit(3);');
    expect((await died).message).toContain('ended with code 3');
  });

  it('is not called dead when it was told to end', async () => {
    const { thread, died } = start(
      "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});",
    );
    const asked = thread.request('never answered');
    const failed = expect(asked).rejects.toThrow('was stopped');
    await thread.terminate();
    await failed;
    expect(await Promise.race([died, Promise.resolve('alive and well')])).toBe('alive and well');
  });

  it('finds its module from source and from a build', () => {
    expect(siblingModule('thread', 'file:///a/src/run/x/index.ts').href).toBe(
      'file:///a/src/run/x/thread.ts',
    );
    expect(siblingModule('thread', 'file:///a/dist/run/x/index.js').href).toBe(
      'file:///a/dist/run/x/thread.js',
    );
  });
});
