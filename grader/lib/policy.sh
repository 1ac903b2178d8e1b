# policy.sh - looks at a room's object before it is linked with anything of ours.
#
# A room is C functions and their data: what gcc and clang make of that, at any level of
# optimisation, is known. Everything else in an object (a constructor, a section that the
# linker joins with one of ours, a call of exit, an instruction that asks the kernel) is there
# to do something that no exercise asks for. Each finding is one line `REASON<tab>WHAT`; the
# first one is what the student reads, as the text reject.REASON.
#
# The tables are read from readelf and objdump, whose lines are taken only when they have
# exactly the form that is expected: a section called ".text .init" is refused, not parsed.
#
# Refused: to look for instructions inside the constants of others (0f 05 may stand in an
# honest `and $15, %eax; add $imm, %eax`, and a false rejection costs an honest student all
# points); the seccomp filter of the subject is there for those. To read the source instead
# of the object: macros hide everything.
# shellcheck shell=bash

POLICY_OBJECT_MOST=8388608      # bytes of the object file
POLICY_DATA_MOST=1048576        # bytes of all writable data of a room
POLICY_ALIGN_MOST=4096

# A code for each reason, so that people can talk about it. Intake's reasons come first.
declare -gA REJECT_CODE=(
    [not-a-file]=E0001 [too-big]=E0002 [empty]=E0003 [nul]=E0004 [encoding]=E0005
    [archive]=E0006 [archive-size]=E0007 [archive-twice]=E0008 [archive-member]=E0009 [archive-none]=E0010
    [object]=E0011 [section]=E0012 [init]=E0013 [execstack]=E0014 [symbol]=E0015
    [call]=E0016 [name]=E0017 [data]=E0018 [instruction]=E0019
)

# policy_facts FINDING - prints a finding as facts of a verdict, one a line. What came out of the
# object is cut to letters that cannot do harm anywhere.
policy_facts() {
    local -r reason=${1%%$'\t'*}
    local what=${1#*$'\t'}
    what=${what//[!A-Za-z0-9_.@+\/ -]/?}
    printf '%s\n' "reason=$reason" "code=${REJECT_CODE[$reason]}" "what=${what:0:60}"
}

# policy_sections OBJECT - the sections have names, types and flags that a compiler gives C.
policy_sections() {
    local count
    count=$(readelf -hW -- "$1" | awk -F': *' '/Number of section headers/ { print $2 + 0 }')
    readelf -SW -- "$1" | awk -v count="$count" -v most="$POLICY_DATA_MOST" -v align="$POLICY_ALIGN_MOST" '
        function hex(s,    i, n) {
            for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
            return n
        }
        function known(n, t, f) {
            if (n ~ /^\.text(\..*)?$/) return t == "PROGBITS" && f == "AX"
            if (n ~ /^\.rodata(\..*)?$/) return t == "PROGBITS" && f ~ /^(A|AM|AMS)$/
            if (n ~ /^\.data(\..*)?$/) return t == "PROGBITS" && f == "WA"
            if (n ~ /^\.bss(\..*)?$/) return t == "NOBITS" && f == "WA"
            if (n ~ /^\.(tdata|tbss)(\..*)?$/) return f == "WAT"
            if (n ~ /^\.debug_[a-z_]+$/) return t == "PROGBITS" && f ~ /^[MSCGE]*$/
            if (n ~ /^\.rela\.(text|rodata|data|eh_frame|debug_|tdata)/) return t == "RELA" && f ~ /^IG?$/
            if (n == ".eh_frame") return (t == "PROGBITS" || t == "X86_64_UNWIND") && f == "A"
            if (n == ".comment") return t == "PROGBITS" && f ~ /^(MS)?$/
            if (n == ".note.GNU-stack") return t == "PROGBITS" && f == ""
            if (n == ".note.gnu.property") return t == "NOTE" && f == "A"
            if (n == ".llvm_addrsig") return f == "E"
            if (n == ".group") return t == "GROUP"
            return n ~ /^\.(symtab|strtab|shstrtab|symtab_shndx)$/ && t ~ /^(SYMTAB|STRTAB)/ && f == ""
        }
        /^ *\[ *[0-9]+\]/ {
            seen++
            sub(/^ *\[ *[0-9]+\] */, "")
            if (seen == 1) next
            name = $1; type = $2; flags = NF == 10 ? $7 : ""
            if (NF != 9 && NF != 10) { print "section\t" name; next }
            if (type ~ /^(INIT|FINI|PREINIT)_ARRAY$/ || name ~ /^\.(init|fini|preinit|ctors|dtors)/)
                print "init\t" name
            else if (name == ".note.GNU-stack" && flags ~ /X/) print "execstack\t" name
            else if (!known(name, type, flags)) print "section\t" name
            if ($NF > align) print "data\t" name
            if (flags ~ /W/) data += hex($5)
        }
        END {
            if (data > most) print "data\t" data
            if (seen != count + 0 || seen == 0) print "section\t" seen
        }'
}

# policy_symbols OBJECT NAMES - its symbols are plain ones, and what it calls is on the list. The file
# NAMES has a line `may NAME` for each it may use, `keep NAME` for each it may not define.
policy_symbols() {
    readelf -sW -- "$1" | awk -v names="$2" '
        BEGIN { while ((getline line < names) > 0) { split(line, n, " "); mark[n[1] n[2]] = 1 } }
        !/^ *[0-9]+: / || $1 == "0:" { next }
        NF == 7 && $4 == "SECTION" { next }
        NF != 8 { print "symbol\t" $8; next }
        $4 == "FILE" || $4 == "SECTION" { next }
        $4 == "IFUNC" { print "init\t" $8; next }
        $4 !~ /^(NOTYPE|OBJECT|FUNC|TLS)$/ || $5 !~ /^(LOCAL|GLOBAL)$/ || $8 !~ /^[A-Za-z0-9_.$\200-\377]+$/ {
            print "symbol\t" $8; next }
        $7 == "UND" { if (!(("may" $8) in mark)) print "call\t" $8; next }
        $7 !~ /^[0-9]+$/ { print "symbol\t" $8; next }
        $8 ~ /^(gt_|__start_|__stop_)/ || $5 == "GLOBAL" && ("keep" $8) in mark { print "name\t" $8 }'
}

# policy_instructions OBJECT - no instruction that asks the kernel, changes the machine's state, reads
# its clocks, or speaks to Valgrind.
policy_instructions() {
    timeout -k 1 30 objdump -d --no-show-raw-insn -- "$1" | awk -F'\t' '
        NF < 2 { before = ""; next }
        {
            text = $2; sub(/<.*/, "", text); sub(/#.*/, "", text)
            n = split(text, word, " ")
            for (i = 1; i <= n && i < 4; i++)
                if (word[i] in bad || word[i] ~ /^(sysret|iret|sysexit|[lr]?(ljmp|lcall|lret))[lqw]?$/)
                    print "instruction\t" word[i]
            if (text ~ /^(mov|pop)[a-z]* .*%(fs|gs|ss|ds|es|cs)$/) print "instruction\t" word[1]
            if (before ~ /^rol[q]? +\$0x3d,%rdi/ && text ~ /^rol[q]? +\$0x33,%rdi/ ||
                before ~ /^ror[\t ]+x12, x12, #51/ && text ~ /^ror[\t ]+x12, x12, #61/)
                print "instruction\tvalgrind"
            before = text
        }
        BEGIN {
            split("syscall sysenter int int1 int3 icebp into int1 wrpkru rdpkru xrstor xrstor64 " \
                "wrfsbase wrgsbase rdfsbase rdgsbase rdtsc rdtscp rdpmc rdpid cpuid xgetbv rdrand " \
                "rdseed hlt in out cli sti xbegin vmcall vmmcall enclu svc hvc smc msr sys", list, " ")
            for (i in list) bad[list[i]] = 1
        }'
}

# policy_names ROOM MODULE - prints `may NAME` and `keep NAME` lines: what a compiler calls by itself
# (grader/lib/helpers.allow), what the module allows all rooms and this one (MODULE/allow).
policy_names() {
    awk -v room="$1" '
        /^#/ || NF == 0 { next }
        /^\[.*\]$/ { ours = $1 == "[compiler]"; use = ours || $1 == "[all]" || $1 == "[" room "]"; next }
        use { print "may", $1; if (!ours) print "keep", $1 }' \
        grader/lib/helpers.allow "$2/allow"
    printf 'keep %s\n' malloc calloc realloc reallocarray aligned_alloc posix_memalign strdup strndup free
}

# policy OBJECT ROOM MODULE OUT - status 0 when the object may be linked; else 1 and its first finding.
policy() {
    local -r object=$1 room=$2 module=$3 out=$4
    local size
    size=$(stat -c %s -- "$object")
    {
        if ((size > POLICY_OBJECT_MOST)); then
            printf 'object\t%s\n' "$size"
        else
            policy_names "$room" "$module" >"$out/names"
            policy_sections "$object" && policy_symbols "$object" "$out/names" &&
                policy_instructions "$object"
        fi
    } >"$out/findings" 2>/dev/null || printf 'object\t\n' >>"$out/findings"
    if [[ -s $out/findings ]]; then
        head -n 1 -- "$out/findings"
        return 1
    fi
}
