# text.sh - messages by key. A catalogue is a text file of lines `key = words with {name}s`,
# which is read and never run. The language is KIT_LANG, else the locale's, else English.
# shellcheck shell=bash

declare -gA TEXT

# text_language - sets KIT_LANG to one of en, pt-BR, es, ko.
text_language() {
    local wish=${KIT_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG-}}}}
    case $wish in
    pt*) KIT_LANG=pt-BR ;;
    es*) KIT_LANG=es ;;
    ko*) KIT_LANG=ko ;;
    *) KIT_LANG=en ;;
    esac
    export KIT_LANG
}

# text_load FILE... - reads catalogues; a later file wins.
text_load() {
    local file line
    for file; do
        while IFS= read -r line || [[ -n $line ]]; do
            case $line in
            '' | '#'*) continue ;;
            esac
            TEXT[${line%% = *}]=${line#* = }
        done <"$file"
    done
}

# text KEY [name=value]... - sets REPLY. One pass from left to right, so that a value's own
# braces stay as they are.
text() {
    local rest=${TEXT[$1]-<$1>} out='' name pair
    local -A value=()
    shift
    for pair; do value[.${pair%%=*}]=${pair#*=}; done
    while [[ $rest = *'{'*'}'* ]]; do
        out+=${rest%%'{'*}
        rest=${rest#*'{'}
        name=${rest%%'}'*}
        rest=${rest#*'}'}
        out+=${value[.$name]-"{$name}"}
    done
    REPLY=$out$rest
}

# say KEY [name=value]... - prints the message and a newline.
say() {
    text "$@"
    printf '%s\n' "$REPLY"
}
