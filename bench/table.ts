/** One figure of a bench. `limit` in words; null where a figure is shown without one. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: string | null;
  readonly ok: boolean;
}

export function printTable(rows: readonly Measured[]): void {
  const cells = rows.map(({ name, value, unit, limit, ok }) => [
    name,
    `${value.toLocaleString('en-GB', { maximumFractionDigits: 2 })} ${unit}`,
    limit ?? '',
    ok ? 'ok' : 'MISSED',
  ]);
  const all = [['what', 'measured', 'limit', ''], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}
