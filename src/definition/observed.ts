import type { Drill } from './drill.ts';
import type { Known } from './known-names.ts';
import type { PlatformFile } from './platform.ts';

const words = { probes: 'probe', ledgers: 'ledger' } as const;

/** Probes, or ledgers, that a drill observes and may name: those it lists, or all of its platform's. */
export function observed(
  kind: keyof typeof words,
  drill: Drill,
  platform: PlatformFile,
): Known & { readonly names: readonly string[] } {
  const listed = drill[kind];
  const owner = listed === undefined ? `platform ${platform.platform}` : 'drill';
  return { owner, what: words[kind], names: listed ?? Object.keys(platform[kind] ?? {}) };
}
