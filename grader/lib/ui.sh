# ui.sh - how the harness talks. Words carry the meaning; colour and bars only help.
#
#   NO_COLOR, TERM=dumb or a pipe   no colour; CLICOLOR_FORCE=1 brings it back
#   KIT_PLAIN=1                     no bars, no columns: one fact a line
#   not a UTF-8 locale              ASCII symbols
#
# Set by ui_init: the colours B D R G Y C N, the symbols UI_OK UI_NO UI_TODO UI_FULL
# UI_HALF UI_ARROW UI_DOT, UI_PLAIN and UI_COLUMNS.
# shellcheck shell=bash disable=SC2034  # the names are for who sources this

# ui_colour - decides whether colour may be used; status 0 when it may.
ui_colour() {
    if [[ -n ${NO_COLOR-} ]]; then return 1; fi
    if [[ -n ${CLICOLOR_FORCE-} && ${CLICOLOR_FORCE-} != 0 ]]; then return 0; fi
    [[ -t 1 && ${TERM-dumb} != dumb ]]
}

# ui_init - looks at the terminal and the environment once.
ui_init() {
    B='' D='' R='' G='' Y='' C='' N=''
    if ui_colour; then
        B=$'\e[1m' D=$'\e[2m' R=$'\e[31m' G=$'\e[32m' Y=$'\e[33m' C=$'\e[36m' N=$'\e[0m'
    fi
    UI_PLAIN=${KIT_PLAIN:-0}
    UI_COLUMNS=80
    UI_OK=+ UI_NO=x UI_TODO=- UI_FULL='#' UI_HALF=. UI_ARROW='->' UI_DOT=-
    case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
    *[Uu][Tt][Ff]-8 | *[Uu][Tt][Ff]8)
        UI_OK=✓ UI_NO=✗ UI_TODO=– UI_FULL=█ UI_HALF=░ UI_ARROW=→ UI_DOT=·
        ;;
    esac
}

# ui_width TEXT - sets REPLY to its columns; Hangul, Han and kana take two.
ui_width() {
    local -r wide=${1//[!가-힣一-鿿ぁ-ヿ]/}
    REPLY=$((${#1} + ${#wide}))
}

# ui_pad TEXT WIDTH - prints the text and blanks up to the width, counted in columns.
ui_pad() {
    ui_width "$1"
    printf '%s%*s' "$1" $((REPLY < $2 ? $2 - REPLY : 0)) ''
}

# ui_bar USED MOST WIDTH COLOUR - prints a bar; a full one when USED is over MOST.
ui_bar() {
    local -r most=$(($2 > 0 ? $2 : 1))
    local full=$(($1 * $3 / most)) a b
    if ((full > $3)); then full=$3; fi
    printf -v a '%*s' "$full" ''
    printf -v b '%*s' $(($3 - full)) ''
    printf '%s%s%s%s%s' "$4" "${a// /$UI_FULL}" "$D" "${b// /$UI_HALF}" "$N"
}

# ui_fold INDENT TEXT - prints the text in lines of UI_COLUMNS at most, each indented.
ui_fold() {
    local -r indent=$1
    local line='' word
    local -a words
    read -ra words <<<"$2"
    for word in "${words[@]}"; do
        ui_width "$indent$line $word"
        if [[ -n $line ]] && ((REPLY > UI_COLUMNS)); then
            printf '%s%s\n' "$indent" "$line"
            line=$word
        else
            line=${line:+$line }$word
        fi
    done
    printf '%s%s\n' "$indent" "$line"
}
