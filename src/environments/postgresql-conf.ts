export type Settings = { readonly [name: string]: string | number | boolean };

/** As lines of postgresql.conf. */
export function settingsText(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    .join('');
}
