# Sourced by every script in script/: sets ROOT, goes there, and puts our own node first in PATH when bootstrap had to
# fetch one. Long steps speak through step(); data goes to stdout, talk to stderr.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
OWN_NODE="$ROOT/build/node/node_modules/node/bin"
[ -x "$OWN_NODE/node" ] && export PATH="$OWN_NODE:$PATH"
export npm_config_update_notifier=false

say() { printf '%s\n' "$*" >&2; }
step() { printf '==> %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# failures_in LOG: what node --test (TAP) and doctest say of each test that failed, wherever in the log that is.
failures_in() {
  awk '
    /^ *not ok/ { tap = 1 }
    tap && shown < 200 { print; shown++ }
    /^ *\.\.\.$/ { tap = 0 }
    /^TEST (CASE|SUITE):/ { title = $0 }
    /: (FATAL )?ERROR: / { print title; doctest = 8 }
    doctest > 0 { print; doctest-- }' "$1" | head -n 300
}

# run_quietly LOG COMMAND…: output goes to LOG; its last line is shown each 10 s, its end when the command fails.
run_quietly() {
  local log=$1 started=$SECONDS status=0 job said=0 took silence
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null &
  job=$!
  trap 'kill '"$job"' 2>/dev/null; exit 130' INT TERM
  exec {silence}<> <(:) # to wait for a moment without a process for it
  while kill -0 "$job" 2>/dev/null; do
    read -r -t 0.1 -u "$silence" _ || true
    took=$((SECONDS - started))
    if [ $((took / 10)) -gt "$said" ]; then
      said=$((took / 10))
      say "    $took s $(basename "$log" .log) … $(tail -n 1 "$log" | tr -d '\r' | cut -c1-100)"
    fi
  done
  exec {silence}>&-
  wait "$job" || status=$?
  trap - INT TERM
  if [ "$status" -ne 0 ]; then
    say "--- failed ($status): $*"
    failures_in "$log" >&2
    tail -n 40 "$log" >&2
    say "--- all of it: $log"
  fi
  return "$status"
}

# configure PRESET: only when there is no build folder yet, for Ninja looks after changes by itself.
configure() {
  [ -f "build/$1/build.ninja" ] || run_quietly "$ROOT/build/log/configure-$1.log" cmake --preset "$1"
}

# build PRESET TARGET…
build() {
  local preset=$1
  shift
  run_quietly "$ROOT/build/log/build-$preset.log" ninja -C "build/$preset" -j "${JOBS:-$(nproc)}" "$@"
}

# Builds web/ and widget/ when something in them is newer than what was built.
build_web() {
  local place
  for place in web widget; do
    [ -f "$place/package.json" ] || continue
    if [ -f "$place/dist/assets.txt" ] &&
      [ -z "$(find "$place" \( -name node_modules -o -name dist -o -name dist-test \) -prune -o \
        -type f -newer "$place/dist/assets.txt" -print -quit)" ]; then
      continue
    fi
    step "building $place"
    (cd "$place" && run_quietly "$ROOT/build/log/build-$place.log" npm run build)
  done
}
