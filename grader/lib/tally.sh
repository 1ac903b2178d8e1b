# tally.sh - counting what passed, for the commands that test the kit itself.
#
# Every such command ends with the line `N passed, N failed, N skipped`, and with status 0
# only when something passed and nothing failed: zero tests is a failure.
# shellcheck shell=bash

PASSED=0 FAILED=0 SKIPPED=0

# passed - books one.
passed() {
    PASSED=$((PASSED + 1))
}

# failed WHAT... - books one and says so.
failed() {
    FAILED=$((FAILED + 1))
    printf 'not ok: %s\n' "$*"
}

# skipped WHY... - books one and says so.
skipped() {
    SKIPPED=$((SKIPPED + 1))
    printf 'skipped: %s\n' "$*"
}

# tally_add FILE - adds the figures of the last line of another command's output. Status 1, and one
# failure more, when it has none.
tally_add() {
    local line
    line=$(tail -n 1 -- "$1")
    if [[ ! $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        FAILED=$((FAILED + 1))
        return 1
    fi
    PASSED=$((PASSED + BASH_REMATCH[1]))
    FAILED=$((FAILED + BASH_REMATCH[2]))
    SKIPPED=$((SKIPPED + BASH_REMATCH[3]))
}

# tally_end - prints the last line and ends.
tally_end() {
    printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
    if ((FAILED > 0 || PASSED == 0)); then exit 1; fi
    exit 0
}
