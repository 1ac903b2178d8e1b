#!/usr/bin/env bash
# calibrate.sh [--percent|--again] - how slow this machine is, so that limits can follow.
#   Prints the factor (1.00 or more) by which the limits of time are multiplied; with --percent
#   as a whole number of percent, rounded up. It is measured once, in about 0.3 s, and kept in
#   build/calibration; --again measures anew. KIT_FACTOR=N.NN sets it by hand.
#   Status: 0; 3 when it cannot be measured.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 022
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

KEPT=build/calibration

# measure - prints the factor of this machine, and keeps it where that is possible.
measure() {
    local factor part
    if [[ ! -x build/kit/calibrate ]]; then make -s build/kit/calibrate >&2 || exit 3; fi
    factor=$(build/kit/calibrate | cut -f1)
    part=$KEPT.$$
    if printf '%s\n' "$factor" 2>/dev/null >"$part"; then mv -f -- "$part" "$KEPT"; fi
    printf '%s\n' "$factor"
}

main() {
    local factor=${KIT_FACTOR:-}
    if [[ -z $factor && ${1:-} != --again && -r $KEPT ]]; then factor=$(<"$KEPT"); fi
    if [[ ! $factor =~ ^[0-9]{1,3}(\.[0-9]{1,2})?$ ]]; then factor=$(measure); fi
    if [[ ${1:-} = --percent ]]; then
        awk -v f="$factor" 'BEGIN { p = f * 100; p = p == int(p) ? p : int(p) + 1; print p < 100 ? 100 : p }'
    else
        printf '%s\n' "$factor"
    fi
}

main "$@"
