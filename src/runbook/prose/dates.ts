const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * A date as runbooks write it: `2027-06-30`, `2027/6/30`, `30 June 2027`, `June 30, 2027`, `30.06.2027`, and `6/30/2027`
 * where only one reading is a date.
 * @returns ISO `YYYY-MM-DD`, null when the text holds no valid date or one that can be read in two ways
 */
export function findDate(text: string): string | null {
  const iso = /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(text);
  if (iso !== null) return isoDate(iso[1], iso[2], iso[3]);
  const named = /(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})(?!\d)/i.exec(text);
  if (named !== null) return isoDate(named[3], monthNumber(named[2]), named[1]);
  const american = /([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/i.exec(text);
  if (american !== null) return isoDate(american[3], monthNumber(american[1]), american[2]);
  const dotted = /(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)/.exec(text);
  if (dotted !== null) return isoDate(dotted[3], dotted[2], dotted[1]);
  const slashed = /(?<!\d)(\d{1,2})\/(\d{1,2})\/(\d{4})(?!\d)/.exec(text);
  if (slashed === null) return null;
  const monthFirst = isoDate(slashed[3], slashed[1], slashed[2]);
  const dayFirst = isoDate(slashed[3], slashed[2], slashed[1]);
  return monthFirst === null || dayFirst === null || monthFirst === dayFirst
    ? (monthFirst ?? dayFirst)
    : null;
}

function isoDate(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
): string | null {
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (!Number.isFinite(time)) return null;
  const date = new Date(time);
  const same = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return same ? date.toISOString().slice(0, 10) : null;
}

function monthNumber(name: string | undefined): string {
  return String(months.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1);
}
