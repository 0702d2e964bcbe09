import { describe, expect, it } from 'vitest';
import { allAtRest, refuseCycles, startInOrder } from './start-order.ts';

function components(after: { readonly [name: string]: readonly string[] }) {
  return Object.entries(after).map(([component, names]) => ({ component, after: names }));
}

describe('refuseCycles', () => {
  it('takes any order that has an end', () => {
    expect(() => refuseCycles(components({ c: ['b'], b: ['a'], a: [] }))).not.toThrow();
  });

  it('names those that wait for each other, and one that does not exist', () => {
    expect(() => refuseCycles(components({ a: [], b: ['c'], c: ['b', 'a'] }))).toThrow(
      'wait for each other: b, c;',
    );
    expect(() => refuseCycles(components({ a: ['z'] }))).toThrow('a: after: there is no component "z"');
  });
});

describe('startInOrder', () => {
  it('starts each when those it comes after are ready', async () => {
    const order: string[] = [];
    await startInOrder(components({ c: ['b'], b: ['a'], a: [] }), async ({ component }) => {
      order.push(`${component} starts`);
      await Promise.resolve();
      order.push(`${component} is ready`);
    });
    expect(order).toEqual(['a starts', 'a is ready', 'b starts', 'b is ready', 'c starts', 'c is ready']);
  });

  it('starts nothing behind one that failed, and tells of it when all have come to rest', async () => {
    const ended: string[] = [];
    const starting = startInOrder(
      components({ bad: [], slow: [], behind: ['bad'] }),
      async ({ component }) => {
        if (component === 'bad') throw new Error('bad does not start');
        await new Promise((resolve) => setTimeout(resolve, 20));
        ended.push(component);
      },
    );
    await expect(starting).rejects.toThrow('bad does not start');
    expect(ended).toEqual(['slow']);
  });
});

describe('allAtRest', () => {
  it('throws the first failure only when the others have ended', async () => {
    const ended: string[] = [];
    const slow = new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => void ended.push('slow'));
    await expect(allAtRest([Promise.reject(new Error('refused')), slow])).rejects.toThrow('refused');
    expect(ended).toEqual(['slow']);
  });
});
