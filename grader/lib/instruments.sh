# instruments.sh - the instruments of one exercise: judge, public tests, memcheck, Callgrind.
#
# Each runs under a deadline of its own with an empty environment, and leaves its facts as
# tab-separated lines in OUT. Sourced by exercise.sh, whose variables SLUG MODULE ROOM
# STEM KIT OUT SOURCE SEED ONLY they read.
# shellcheck shell=bash

# filter_of ID - prints the Criterion filter that selects the test of a check.
filter_of() {
    printf '%s/%s\n' "${STEM%%_*}" "${1##*.}"
}

# run_judge - runs the graded tests: two processes each, ledgers compared. Facts: OUT/report, and
# in OUT/judge.status what Criterion itself made of them.
run_judge() {
    local -a filter=()
    local status=0
    if [[ -n $ONLY && ${CHECK_KIND[$ONLY]} =~ ^(test|budget|cost)$ ]]; then
        filter=(--filter "$(filter_of "$ONLY")")
    fi
    env -i PATH=/usr/bin:/bin LC_ALL=C \
        GT_STUDENT="$OUT/subject" GT_REFERENCE="$KIT/$STEM.reference" GT_REPORT="$OUT/report" \
        GT_SEED="$SEED" GT_WALL="$(conf_get "$MODULE/module.conf" wall)" \
        GT_CPU="$(conf_get "$MODULE/module.conf" cpu)" \
        GT_MEMORY="$(conf_get "$MODULE/module.conf" memory)" \
        GT_SYSCALLS="$(conf_get "$MODULE/module.conf" syscalls)" \
        GT_LAUNCHER="$GSAND" GT_TIER="$TIER" GT_SCALE="$SCALE" \
        timeout -k 2 $((3 * SCALE)) "$KIT/$STEM.judge" --quiet --jobs 2 "${filter[@]}" \
        >"$OUT/judge.log" 2>&1 </dev/null || status=$?
    printf '%s\n' "$status" >"$OUT/judge.status"
    touch "$OUT/report"
}

# public_allowed - status 0 when the public tests may run. Criterion talks to its own processes over a
# socket, which only a network namespace can allow without allowing more. Behind the other walls
# they run for a student who checks their own work (KIT_PUBLIC=own), never as root: what is in a
# room would then have the whole machine.
public_allowed() {
    [[ $TIER = namespaces || (${KIT_PUBLIC:-} = own && $EUID != 0) ]]
}

# run_public - runs the public tests in process, for their messages. Facts: OUT/public.report.
# A room that stops itself there can only make everybody wait, so the time is short.
run_public() {
    local status=0
    touch "$OUT/public.report"
    if ! public_allowed; then return; fi
    CC=${KIT_CC:-gcc} bash grader/link.sh public "$SLUG" "$STEM" "$OUT/room.o" "$OUT/public" \
        >"$OUT/link.log" 2>&1 || status=$?
    if ((status != 0)); then return; fi
    if [[ $TIER = namespaces ]]; then
        # shellcheck disable=SC2016
        sandboxed 30 --cpu 60 --rss 2048 --descriptors 256 --read /proc --copy "$OUT/public" --keep 9=9 -- \
            sh -c 'export GT_REPORT="$TMPDIR/report" GT_SEED="$1"
                ./public --quiet --jobs 2; cat "$GT_REPORT" >&9' sh "$SEED" \
            9>"$OUT/public.report" >"$OUT/public.log" 2>&1 </dev/null || true
    else
        env -i PATH=/usr/bin:/bin LC_ALL=C GT_REPORT="$OUT/public.report" GT_SEED="$SEED" \
            timeout -k 2 $((SCALE * 12 / 10)) "$OUT/public" --quiet --jobs 2 \
            >"$OUT/public.log" 2>&1 </dev/null || true
    fi
}

# memcheck TESTS... - runs the subject under memcheck. Facts: OUT/memcheck.xml, OUT/memcheck.status.
memcheck() {
    local status=0
    # Without --vex-guest-chase=no a fault at a function's first instruction is booked on its caller.
    # The XML leaves through a pipe: what was written cannot be taken back.
    { sandboxed 120 --rss 3072 --file 16 --output 4096 --read /proc/self --copy "$OUT/subject" \
        --keep 8=8 --keep 9=9 -- valgrind --quiet --vgdb=no \
        --command-line-only=yes --leak-check=full --num-callers=20 --vex-guest-chase=no \
        --show-leak-kinds=definite,indirect,possible \
        --errors-for-leak-kinds=definite,indirect,possible \
        --child-silent-after-fork=yes --xml=yes --xml-fd=9 \
        ./subject "$@" 8>"$OUT/memcheck.seen" 9>&1 >/dev/null 2>&1 </dev/null; } |
        head -c 8388608 >"$OUT/memcheck.xml" || status=$?
    printf '%s\n' "$status" >"$OUT/memcheck.status"
}

# run_memcheck --all - the whole suite in one process: memcheck takes a second to start. Its tests must
# have seen what the reference's see: a run that leaves early finds no error either.
run_memcheck() {
    memcheck --all "$SEED" 8
    "$KIT/$STEM.reference" --all "$SEED" >"$OUT/memcheck.wanted" </dev/null
}

# memcheck_errors - prints `KIND<tab>WHAT<tab>FILE<tab>LINE<tab>FUNCTION` for each error,
# the place being the innermost frame in the student's own file, or a dash where there is none.
memcheck_errors() {
    awk -v own="$ROOM.c" '
        function inner(s) { gsub(/<[^>]*>/, "", s); gsub(/^ +| +$/, "", s)
            gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&amp;/, "\\&", s); return s }
        /<error>/ { kind = "-"; what = ""; file = line = fn = "-"; found = 0; active = 1 }
        /<kind>/ && active { kind = inner($0) }
        /<(what|text)>/ && active && what == "" { what = inner($0) }
        /<frame>/ { f = l = n = "" }
        /<fn>/ { n = inner($0) }
        /<file>/ { f = inner($0) }
        /<line>/ { l = inner($0) }
        /<\/frame>/ && active && !found && f == own { file = f; line = l; fn = n; found = 1 }
        /<\/error>/ { printf "%s\t%s\t%s\t%s\t%s\n", kind, what, file, line, fn; active = 0 }
    ' "$OUT/memcheck.xml"
}

# memcheck_clean - status 0 when memcheck ran to its end and found nothing.
memcheck_clean() {
    local closed finished errors
    closed=$(grep -c '</valgrindoutput>' "$OUT/memcheck.xml" || true)
    finished=$(grep -c '<state>FINISHED</state>' "$OUT/memcheck.xml" || true)
    errors=$(grep -c '<error>' "$OUT/memcheck.xml" || true)
    [[ $(<"$OUT/memcheck.status") = 0 && $closed = 1 && $finished = 1 && $errors = 0 ]] &&
        cmp -s "$OUT/memcheck.seen" "$OUT/memcheck.wanted"
}

# instructions PROGRAM TEST - prints how many instructions it takes between gt_start and gt_stop.
instructions() {
    local -r out=$OUT/callgrind.${1##*/} name=${1##*/}
    # shellcheck disable=SC2016
    sandboxed 120 --rss 3072 --file 64 --output 4096 --read /proc --copy "$1" --keep 8=8 --keep 9=9 -- \
        sh -c 'valgrind --quiet --vgdb=no --tool=callgrind --command-line-only=yes \
            --callgrind-out-file=cost "$@" && cat cost.1 >&9' sh "./$name" "$2" "$SEED" 8 \
        8>"$out.seen" 9>"$out" >/dev/null 2>&1 </dev/null || true
    awk '/^(summary|totals):/ { n = $2 } END { print n + 0 }' "$out"
}

# run_costs - measures each check of kind cost against the reference; a run that
# saw something else than the reference has no cost. Facts: OUT/costs.
run_costs() {
    local id test mine theirs
    : >"$OUT/costs"
    for id in "${CHECKS[@]}"; do
        if [[ ${CHECK_KIND[$id]} = cost ]]; then
            test=$(filter_of "$id")
            mine=$(instructions "$OUT/subject" "$test")
            theirs=$(instructions "$KIT/$STEM.reference" "$test")
            if ! cmp -s "$OUT/callgrind.subject.seen" "$OUT/callgrind.$STEM.reference.seen"; then mine=0; fi
            printf '%s\t%s\t%s\n' "$id" "$mine" "$theirs" >>"$OUT/costs"
        fi
    done
}

# find_crash - looks for the student's line behind the manifest's first crash, with memcheck.
# Facts: OUT/crash, as memcheck_errors prints them, the check's id in front.
find_crash() {
    local id
    for id in "${CHECKS[@]}"; do
        if [[ ${WORD[$id]:-} = crash ]]; then
            memcheck "$(filter_of "$id")" "$SEED"
            memcheck_errors 2>/dev/null |
                awk -F'\t' -v id="$id" '$3 != "-" { print id "\t" $0; exit }' >"$OUT/crash"
            return
        fi
    done
}

# site_line ADDRESS - prints `FILE<tab>LINE<tab>FUNCTION` of a call in the subject.
site_line() {
    addr2line -f -s -e "$OUT/subject" "$1" |
        awk 'NR == 1 { fn = $1 } NR == 2 { split($1, at, ":"); printf "%s\t%s\t%s\n", at[1], at[2], fn }'
}
