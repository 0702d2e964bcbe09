import { z } from 'zod';

const unitMs = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const part = /(\d+(?:\.\d+)?)\s*(ms|min|[smhd])/y;

/**
 * Milliseconds of a duration in words: `90s`, `5m`, `1h 30m`, `250ms`.
 * @returns null when the text is no duration
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  let total = 0;
  let at = 0;
  while (at < trimmed.length) {
    part.lastIndex = at;
    const match = part.exec(trimmed);
    if (match === null) return null;
    total += Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
    at = part.lastIndex;
    while (trimmed[at] === ' ') at++;
  }
  return trimmed === '' || !Number.isFinite(total) ? null : total;
}

/** The shortest exact words for a number of milliseconds: `90s` is `1m 30s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Number(ms.toFixed(ms < 10 ? 2 : 0))}ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(2))}s`;
  const whole = Math.round(ms / 1000);
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n}${unit}`)
    .join(' ');
}

/** In YAML a duration in words, in code milliseconds. */
export const duration = z
  .string()
  .meta({ title: 'a duration such as 90s, 5m or 1h 30m' })
  .refine((text) => parseDuration(text) !== null, 'a duration in words, such as 90s, 5m or 1h 30m')
  .transform((text) => parseDuration(text) as number);
