import { describe, expect, it } from 'vitest';
import { mergePatch } from '../definition/merge-patch.ts';
import { asStored, hasValues, wayBackOf } from './patched-fields.ts';

const object = {
  data: { a: 'one', b: 'two' },
  spec: {
    replicas: 3,
    containers: [
      { name: 'web', image: 'web:1', cpu: '1' },
      { name: 'log', image: 'log:1' },
    ],
  },
};

describe('wayBackOf', () => {
  it.each([
    [{ data: { a: 'bad' } }, { data: { a: 'one' } }],
    [{ data: { c: 'new' } }, { data: { c: null } }],
    [{ data: { b: null } }, { data: { b: 'two' } }],
    [{ more: { deep: 1 } }, { more: null }],
    [
      { spec: { containers: [{ name: 'web', image: 'bad' }] } },
      { spec: { containers: object.spec.containers } },
    ],
  ])('of %j is %j', (patch, back) => {
    expect(wayBackOf(object, patch)).toEqual(back);
    expect(mergePatch(mergePatch(object, patch), back)).toEqual(object);
  });
});

describe('hasValues', () => {
  it.each([
    [{ data: { a: 'one' } }, true],
    [{ data: { a: 'bad' } }, false],
    [{ data: { c: null } }, true],
    [{ data: { a: null } }, false],
    [{ spec: { containers: [{ name: 'web', image: 'web:1' }] } }, true],
    [{ spec: { containers: [{ name: 'web', image: 'web:2' }] } }, false],
    [{ nothing: { at: 'all' } }, false],
  ])('of %j: %s', (patch, has) => {
    expect(hasValues(object, patch)).toBe(has);
  });

  it('finds lists of other things only as they are', () => {
    expect(hasValues({ args: ['a', 'b'] }, { args: ['a', 'b'] })).toBe(true);
    expect(hasValues({ args: ['a', 'b'] }, { args: ['a'] })).toBe(false);
  });

  it('finds what the API server spells otherwise, once that was asked', () => {
    const patch = { spec: { containers: [{ name: 'web', cpu: '1000m' }] } };
    expect(hasValues(object, patch)).toBe(false);
    expect(asStored(object, patch)).toEqual({ spec: { containers: [{ name: 'web', cpu: '1' }] } });
    expect(hasValues(object, asStored(object, patch))).toBe(true);
  });
});
