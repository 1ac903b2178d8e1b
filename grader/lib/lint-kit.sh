# lint-kit.sh - the rules of lint.sh about modules, texts, seams and pages.
#   Used by lint.sh, which has found(), absent(), TMP, HERE and LANGUAGES.
# shellcheck shell=bash

# modules - prints the folders of the modules, one a line; _template is none.
modules() {
    local folder
    for folder in modules/[!_]*/; do printf '%s\n' "${folder%/}"; done
}

# rooms MODULE_FOLDER - prints `exercise room folder`, one room a line.
rooms() {
    if [[ -f $1/rooms ]]; then awk '!/^[ \t]*#/ && NF >= 3 { print $1, $2, $3 }' "$1/rooms"; fi
}

# conf_of FILE KEY - prints the value of `key = value`.
conf_of() {
    awk -v key="$2" -F' *= *' '$1 == key { print $2; exit }' "$1"
}

# catalogue_set FOLDER - compares FOLDER/<lang>.txt over the languages.
catalogue_set() {
    local -r folder=$1
    local language
    local -a files=()
    for language in "${LANGUAGES[@]}"; do
        if [[ -f $folder/$language.txt ]]; then
            files+=("$folder/$language.txt")
        else
            absent "$folder/$language.txt" "The catalogue in $language is not there."
        fi
    done
    if [[ ${#files[@]} -gt 0 ]]; then awk -f "$HERE/lib/catalog.awk" "${files[@]}" >>"$TMP/found"; fi
}

# rule_catalogues - the languages have the same keys and the same names in braces.
rule_catalogues() {
    local module
    catalogue_set grader/text
    modules >"$TMP/modules"
    while IFS= read -r module; do catalogue_set "$module/text"; done <"$TMP/modules"
}

# texts_of CHECKS CATALOGUE - each check has its title and its sentence, of the right form.
texts_of() {
    awk -v checks="$1" '
        function width(s,    wide) {
            wide = gsub(/[\343-\355]/, "&", s)
            gsub(/[\200-\277]/, "", s)
            return length(s) + wide
        }
        BEGIN {
            while ((getline line < checks) > 0) {
                split(line, f, "\t")
                if (line ~ /^(#|id\t|$)/) continue
                wanted[f[1] ".title"] = wanted[f[1] ".say"] = 1
                exercise = f[1]; sub(/\.[^.]*$/, "", exercise)
                wanted[exercise ".title"] = 1
                for (hint = 1; hint <= 3; hint++) wanted[exercise ".hint." hint] = 1
            }
        }
        / = / {
            words = substr($0, index($0, " = ") + 3)
            if ($1 ~ /\.title$/ && width(words) > 60)
                printf "%s:%d: %s has %d columns; 60 is the end.\n", FILENAME, FNR, $1, width(words)
            if ($1 ~ /\.title$/ && words ~ /\.$/)
                printf "%s:%d: %s is a title and has no full stop.\n", FILENAME, FNR, $1
            if ($1 ~ /\.say$/ && words !~ /[.)]$/)
                printf "%s:%d: %s is a sentence and ends with a full stop.\n", FILENAME, FNR, $1
            if (words ~ /[^ ]/) have[$1] = 1
        }
        END {
            for (key in wanted)
                if (!(key in have)) printf "%s:1: %s is missing.\n", FILENAME, key
        }' "$2" >>"$TMP/found"
}

# rule_texts - every check has its words in every language, every exercise its title and three hints.
rule_texts() {
    local module language
    modules >"$TMP/modules"
    while IFS= read -r module; do
        if [[ ! -f $module/checks.tsv ]]; then continue; fi
        for language in "${LANGUAGES[@]}"; do
            if [[ -f $module/text/$language.txt ]]; then
                texts_of "$module/checks.tsv" "$module/text/$language.txt"
            fi
        done
    done <"$TMP/modules"
}

# tests_in MODULE_FOLDER - prints `visibility suite/test file line` for each GT of its sources.
tests_in() {
    local visibility
    local -a files
    for visibility in public hidden; do
        files=("$1/$visibility"/*.c)
        if [[ ${#files[@]} -eq 0 ]]; then continue; fi
        awk -v visibility="$visibility" '
            /^GT\(/ {
                name = $0
                sub(/^GT\( */, "", name); sub(/ *\).*/, "", name); sub(/ *, */, "/", name)
                print visibility, name, FILENAME, FNR
            }' "${files[@]}"
    done
}

# rule_checks - checks.tsv has its columns, its points, and a line for each test.
rule_checks() {
    local module points
    modules >"$TMP/modules"
    while IFS= read -r module; do
        if [[ ! -f $module/checks.tsv ]]; then continue; fi
        tests_in "$module" >"$TMP/tests"
        points=''
        if [[ -f $module/module.conf ]]; then points=$(conf_of "$module/module.conf" points); fi
        awk -v points="$points" -v tests="$TMP/tests" -f "$HERE/lib/checks.awk" \
            "$module/checks.tsv" >>"$TMP/found"
    done <"$TMP/modules"
}

# read_place CHECKS LINE SLUG PLACE - PLACE, page#anchor, is there in the two complete languages.
read_place() {
    local -r page=${4%%#*} anchor=${4#*#}
    local language file
    for language in en pt-BR; do
        file=docs/$language/$3/$page
        if [[ ! -f $file ]]; then
            absent "$file" "The page is not there, and $1 sends its reader to it."
        elif [[ $4 = *'#'* ]] && ! grep -qF -- "<a id=\"$anchor\"" "$file"; then
            found "$1" "$2" "$file has no anchor $anchor."
        fi
    done
}

# rule_reads - where a check sends its reader, there is a page and an anchor.
rule_reads() {
    local module line place
    modules >"$TMP/modules"
    while IFS= read -r module; do
        if [[ ! -f $module/checks.tsv ]]; then continue; fi
        awk -F'\t' '!/^#/ && $1 != "id" && NF == 10 && !($10 in seen) { seen[$10]; print FNR, $10 }' \
            "$module/checks.tsv" >"$TMP/reads"
        while read -r line place; do
            read_place "$module/checks.tsv" "$line" "${module#modules/}" "$place"
        done <"$TMP/reads"
    done <"$TMP/modules"
}

# rule_seams - the solution of a room and the runtime's room are the same file.
rule_seams() {
    local module exercise room folder ours solution
    modules >"$TMP/modules"
    while IFS= read -r module; do
        rooms "$module" >"$TMP/rooms"
        while read -r exercise room folder; do
            ours=runtime/$folder/$room.c
            solution=solutions/${module#modules/}/$room.c
            if [[ ! -f $ours ]]; then
                absent "$ours" "The room of exercise $exercise is not there."
            elif [[ -f $solution ]] && ! cmp -s -- "$solution" "$ours"; then
                found "$solution" "$(first_difference "$solution" "$ours")" "It differs from $ours."
            fi
        done <"$TMP/rooms"
    done <"$TMP/modules"
}

# first_difference A B - prints the first line in which two files differ.
first_difference() {
    local line
    line=$(cmp -- "$1" "$2" 2>/dev/null | sed -E 's/.* line ([0-9]+)$/\1/') || true
    printf '%s\n' "${line:-1}"
}

# rule_skeletons - every skeleton and solution compiles without a warning against its seam.
rule_skeletons() {
    local module exercise room folder file
    local -a FLAGS
    include_flags
    modules >"$TMP/modules"
    while IFS= read -r module; do
        rooms "$module" >"$TMP/rooms"
        while read -r exercise room folder; do
            for file in {exercises,solutions}/"${module#modules/}/$room.c"; do
                if [[ ! -f $file || ! -f runtime/$folder/$room.h ]]; then continue; fi
                gcc "${FLAGS[@]}" -O2 -include "runtime/$folder/$room.h" -c -o "$TMP/$room.o" "$file" \
                    2>"$TMP/gcc" || compiler_says "$file" <"$TMP/gcc"
            done
        done <"$TMP/rooms"
    done <"$TMP/modules"
}

# rule_mention - no file names a folder outside of this tree that only its authors had.
rule_mention() {
    grep -rnIE --exclude-dir=.git --exclude-dir=build '/share[d](/|\b)' . >"$TMP/grep" || true
    sed -E 's/^\.\/([^:]+:[0-9]+):.*/\1: It names a folder that its reader does not have./' \
        "$TMP/grep" >>"$TMP/found"
}

# rule_missing - what a module consists of is there, and its four lessons in two languages.
rule_missing() {
    local module slug exercise room folder file language
    modules >"$TMP/modules"
    while IFS= read -r module; do
        slug=${module#modules/}
        for file in module.conf rooms checks.tsv; do
            if [[ ! -f $module/$file ]]; then absent "$module/$file" 'A module has this file.'; fi
        done
        rooms "$module" >"$TMP/rooms"
        while read -r exercise room folder; do
            for file in {exercises,solutions}/"$slug/$room.c" "runtime/$folder/$room.h"; do
                if [[ ! -f $file ]]; then absent "$file" "Exercise $exercise of $slug needs this file."; fi
            done
        done <"$TMP/rooms"
        for language in en pt-BR; do
            for file in 01-principal 02-simplificada 03-exercicios-e-reflexao \
                04-performance-e-boas-praticas; do
                file=docs/$language/$slug/aula-$file.md
                if [[ ! -f $file ]]; then absent "$file" 'This lesson is not there.'; fi
            done
        done
    done <"$TMP/modules"
}
