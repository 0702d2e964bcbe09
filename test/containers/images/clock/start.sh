#!/usr/bin/env bash
set -euo pipefail
if [[ -n ${FAKETIME_FILE:-} ]]; then
  [[ -e $FAKETIME_FILE ]] || echo '+0' > "$FAKETIME_FILE"
  export LD_PRELOAD FAKETIME_TIMESTAMP_FILE=$FAKETIME_FILE
  export FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_DISABLE_SHM=1 NO_FAKE_STAT=1
  LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketimeMT.so.1)
fi
exec "$@"
