/**
 * The three bash programs of the toolbox, as text: they reach bash by `-c`, so that a published package needs no
 * data files and nobody can change them between being written and being run.
 * They keep to what bash 3.2 (macOS) knows, but for `keeper`, which runs on Linux alone.
 */

/**
 * Holds a private mount namespace until its standard input ends (also when drillbook is killed).
 * Arguments: any number of `hide DIR -`, `show PATH SOURCE` (read-only) and `write PATH SOURCE`.
 * Sources are opened before anything is hidden and mounted from their descriptors, as a tmpfs may cover their paths.
 * Says `writable PATH` for each mount that could not be made read-only, then `ready`.
 */
export const keeper = `
set -eu
hides=() targets=() sources=() writable=" /proc "
while [ $# -gt 0 ]; do
  case $1 in
    hide) hides+=("$2") ;;
    *) exec {source}<"$3"; targets+=("$2"); sources+=("$source") ;;
  esac
  case $1 in write) writable="$writable$2 " ;; esac
  shift 3
done
for path in "\${hides[@]}"; do
  if [ -d "$path" ]; then mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs "$path"; fi
done
for i in "\${!targets[@]}"; do
  path=\${targets[i]} source=/proc/self/fd/\${sources[i]}
  if [ -d "$source" ]; then mkdir -p -- "$path"
  elif [ ! -e "$path" ]; then mkdir -p -- "\${path%/*}"; : >"$path"; fi
  mount -c --bind "$source" "$path"
done
# /proc stays as it is: each session mounts its own, which the kernel refuses over one that is read-only.
while read -r _ _ _ _ path options _; do
  printf -v path '%b' "$path"
  case $options in rw|rw,*) ;; *) continue ;; esac
  case $writable in *" $path "*) continue ;; esac
  [ -e "$path" ] || continue
  mount -o "remount,bind,ro\${options#rw}" "$path" 2>/dev/null || printf 'writable %s\\n' "$path"
done </proc/self/mountinfo
if [ -d /dev/shm ]; then mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs /dev/shm; fi
printf 'ready\\n'
read -r _ || :
`;

/**
 * Starts one shell after the other, each when told by a line on descriptor 3, and says `exit STATUS` on descriptor 4 when
 * it has ended. As process 1 of a PID namespace it adopts what commands leave behind; told to end (SIGTERM), it passes
 * that on and waits for the last process. Arguments: working folder, `sleep`, then the shell's argv.
 */
export const supervisor = `
set -m
cd -- "$1" || exit 126
sleep=$2
shift 2
end() {
  trap '' TERM
  if [ $$ -eq 1 ]; then
    kill -TERM -1
    while kill -0 -1; do "$sleep" 0.02; done
  else
    kill -TERM -- "-$shell"
    while kill -0 -- "-$shell"; do "$sleep" 0.02; done
  fi
  exit 143
}
trap end TERM
while read -r line <&3; do
  [ "$line" = shell ] || continue
  "$@" 3<&3 4>&4 &
  shell=$!
  wait "$shell"
  printf 'exit %s\\n' "$?" >&4
done 2>/dev/null
`;

/**
 * What the shell of a session does: answers `types WORD…` by a line a word and `run …` by `end STATUS`. Takes lines on
 * descriptor 120, answers on 121; 122 is the standard error of commands. They are sourced at its top level (inside a
 * function, `declare` would make locals) and see neither these descriptors nor, with `set -x`, the lines of this program.
 * @param source sources the text that the words after `run` mean
 */
export function commandLoop(source: string): string {
  return `
while IFS=' ' builtin read -r -u 120 -a __drillbook_line; do
  case \${__drillbook_line[0]} in
    types)
      for __drillbook_word in "\${__drillbook_line[@]:1}"; do
        builtin type -t -- "$__drillbook_word" >&121 || builtin echo missing >&121
      done ;;
    run)
      ${source} 2>&122 120<&- 121>&- 122>&-
      builtin printf 'end %s\\n' "$?" >&121 ;;
  esac
done 2>/dev/null
`;
}

/**
 * The shell that the commands of one session share. First line on descriptor 3: the folder of the command files
 * (answered by `ready`). Then `types WORD…` and `run NUMBER`. Environment: DRILLBOOK_STDOUT and DRILLBOOK_STDERR, FIFOs.
 */
export const driver = `
exec 120<&3 121>&4 3<&- 4>&- </dev/null >"$DRILLBOOK_STDOUT" 122>"$DRILLBOOK_STDERR" 2>&122
unset DRILLBOOK_STDOUT DRILLBOOK_STDERR
IFS= builtin read -r -u 120 __drillbook_dir || exit
builtin echo ready >&121
${commandLoop(`DRILLBOOK_CALLS="$__drillbook_dir/calls/\${__drillbook_line[1]}" \\
        . "$__drillbook_dir/commands/\${__drillbook_line[1]}"`)}`;
