/**
 * Each change runs what shows the most: every part once, one sabotage of each kind. DRILLBOOK_FULL=1 runs the rest as well,
 * which takes hours: every drill with every variant on every environment.
 */
export const full = process.env.DRILLBOOK_FULL === '1';
