/** Something found in a line: where, as written, and what it is called. */
export interface Found {
  readonly at: number;
  readonly all: string;
  readonly name: string;
}

const variable = /(?<!\\)\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?\?[^}\n]{0,200})?\})/g;

/** Set by the shell or by every login; nobody has to fill them in. */
const shellVariables = new Set(
  `HOME PATH USER LOGNAME PWD OLDPWD SHELL HOSTNAME RANDOM SECONDS IFS LINENO BASH BASHPID EUID UID PPID OPTARG OPTIND REPLY
  PIPESTATUS FUNCNAME BASH_SOURCE TERM LANG LC_ALL EDITOR TMPDIR KUBECONFIG SHLVL TZ DISPLAY PS1 PS4`.split(
    /\s+/,
  ),
);

/** Variables that a command uses without a default; in single quotes `$` means nothing. */
export function variablesUsed(text: string): Found[] {
  return [...withoutSingleQuoted(text).matchAll(variable)].flatMap(
    ({ 0: all, 1: plain, 2: braced, index }) => {
      const name = plain ?? braced ?? '';
      return shellVariables.has(name) ? [] : [{ at: index, all, name }];
    },
  );
}

/** Names that the lines of a fence set: assignments, `read`, `for … in`, `export`, `mapfile`. */
export function variablesSet(lines: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const line of lines) {
    if (!/=|\b(?:for|mapfile|readarray|read)\s/.test(line)) continue;
    for (const match of line.matchAll(
      /(?:^|[\s;&|(])(?:(?:export|local|declare|readonly|typeset)\s+(?:-\w+\s+)*)?([A-Za-z_]\w*)\+?=/g,
    )) {
      if (match[1] !== undefined) names.add(match[1]);
    }
    for (const match of line.matchAll(
      /\bfor\s+([A-Za-z_]\w*)\s+in\b|\b(?:mapfile|readarray)\s+(?:-\w+\s+)*([A-Za-z_]\w*)/g,
    )) {
      const name = match[1] ?? match[2];
      if (name !== undefined) names.add(name);
    }
    const read =
      /(?:^|[\s;&|(])read\s+((?:-\w+\s+(?:"[^"]*"\s+|'[^']*'\s+)?)*)([A-Za-z_]\w*(?:\s+[A-Za-z_]\w*)*)/.exec(
        line,
      );
    for (const name of read?.[2]?.split(/\s+/) ?? []) names.add(name);
  }
  return names;
}

/** The same text with blanks for what stands in single quotes, so that every place stays. */
function withoutSingleQuoted(text: string): string {
  let out = '';
  let copied = 0;
  let double = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === '"') double = !double;
    else if (char === "'" && !double) {
      const end = text.indexOf("'", i + 1);
      if (end < 0) break;
      out += text.slice(copied, i) + ' '.repeat(end - i);
      copied = end;
      i = end;
    }
  }
  return out + text.slice(copied);
}
