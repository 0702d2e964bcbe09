import { describe, expect, it } from 'vitest';
import { sameAnswer } from './same-answer.ts';

const said = (stdout: string, exitCode = 0, stderr = '') => ({ stdout, stderr, exitCode, timedOut: false });

describe('two answers', () => {
  it.each([
    ['PONG', 'PONG'],
    ['{"uptime":12.5}', '{"uptime":13.75}'],
    ['date: Mon, 30 Nov 2026 22:41:17 GMT', 'date: Tue, 1 Dec 2026 00:00:03 GMT'],
    ['{"since":"2026-11-30T22:41:17.123Z"}', '{"since":"2026-12-01T00:00:01Z"}'],
    [
      '{"result":[{"job":"a","value":[1700000000.1,"1"]},{"job":"b","value":[1700000000.1,"1"]}]}',
      '{"result":[{"job":"b","value":[1700000009.7,"1"]},{"job":"a","value":[1700000009.7,"1"]}]}',
    ],
  ])('say the same: %s', (one, other) => {
    expect(sameAnswer(said(one), said(other))).toBe(true);
  });

  it.each([
    ['HTTP/1.1 200 OK', 'HTTP/1.1 503 Service Unavailable'],
    ['{"job":"a","value":[1700000000.1,"1"]}', '{"job":"a","value":[1700000000.1,"0"]}'],
    ['{"value":[1700000000,"1"]}', '{"value":[1,"1700000000"]}'],
    ['PONG', 'LOADING'],
  ])('say another thing: %s', (one, other) => {
    expect(sameAnswer(said(one), said(other))).toBe(false);
  });

  it('differ by how they ended', () => {
    expect(sameAnswer(said('x', 0), said('x', 7))).toBe(false);
    expect(sameAnswer(said('x'), { ...said('x'), timedOut: true })).toBe(false);
  });

  it('are read from stderr only where there is nothing else', () => {
    expect(sameAnswer(said('x', 0, 'one'), said('x', 0, 'other'))).toBe(true);
    expect(sameAnswer(said('', 2, 'refused'), said('', 2, 'no such host'))).toBe(false);
  });
});
