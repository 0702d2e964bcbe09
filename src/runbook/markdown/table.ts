/** Cells of a table row; only `\|` does not separate, as in GFM. */
export function splitRow(row: string): string[] {
  const cells: string[] = [];
  let cell = '';
  for (let i = 0; i < row.length; i++) {
    const char = row.charAt(i);
    if (char === '\\' && row[i + 1] === '|') {
      cell += '|';
      i++;
    } else if (char === '|') {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  cells.push(cell.trim());
  const trimmed = row.trim();
  if (trimmed.startsWith('|')) cells.shift();
  if (trimmed.endsWith('|') && !trimmed.endsWith('\\|') && cells.length > 0) cells.pop();
  return cells;
}

/** Whether `row` is the line of dashes below a header of `columns` cells. */
export function isDelimiterRow(row: string, columns: number): boolean {
  if (!/^[\s|:-]+$/.test(row) || !row.includes('-')) return false;
  if (columns === 1 && !row.includes('|')) return false;
  const cells = splitRow(row);
  return cells.length === columns && cells.every((cell) => /^:?-+:?$/.test(cell));
}
