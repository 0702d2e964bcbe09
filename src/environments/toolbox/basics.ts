import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram, searchedFolders, systemFolders } from './programs.ts';

/** GNU coreutils 9 (its manual's list), the greps, sed and awk: what runbooks take for granted. */
const names: readonly string[] = `
  arch b2sum base32 base64 basename basenc cat chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir dircolors
  dirname du echo env expand expr factor false fmt fold groups head hostid hostname id install join kill link ln logname ls
  md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink
  realpath rm rmdir seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync
  tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink uptime users vdir wc who whoami yes
  bash grep egrep fgrep sed awk
`
  .trim()
  .split(/\s+/);

/** Links them, from the system's own folders first, so that a wrapper on the operator's PATH does not take their place. */
export async function linkBasics(bin: string, except: ReadonlySet<string>): Promise<void> {
  const folders = [...new Set([...systemFolders, ...searchedFolders()])];
  await Promise.all(
    names
      .filter((name) => !except.has(name))
      .map(async (name) => {
        const program = await findProgram(name, folders);
        if (program !== null) await symlink(program, join(bin, name));
      }),
  );
}

/** Whether a toolbox has the program without the platform file saying so: one of the above, or a word of bash's own. */
export function isAlwaysThere(program: string): boolean {
  return names.includes(program) || builtins.has(program);
}

/** Of bash 5 (its manual's list). */
const builtins = new Set(
  `: alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo enable
  eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd
  read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias
  unset wait coproc time`.split(/\s+/),
);
