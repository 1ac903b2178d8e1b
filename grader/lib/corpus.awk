# corpus.awk - takes one family file of the hostile corpus apart.
#   -v folder=DIR  where the cases go, a folder each
#   -v root=PATH   what @ROOT@ becomes
#
# A case begins with `/// NAME ROOM FUNCTION`. Then its lines go into DIR/NAME/prologue, from
# `/// body` on into DIR/NAME/body, from `/// beside FILE` on into DIR/NAME/beside/FILE.
# `/// make WHAT` and `/// name FILE` are noted in DIR/NAME/make and DIR/NAME/name. What stands
# before the first case is for people.

/^\/\/\/ [a-z0-9-]+ (frames|slice|strbuf|mspan|tiny) [a-z_=-]+$/ {
    close(out)
    here = folder "/" $2
    system("mkdir -p '" here "/beside'")
    print $3, $4 >(here "/head")
    close(here "/head")
    out = here "/prologue"
    printf "" >out
    next
}
/^\/\/\/ body$/ { close(out); out = here "/body"; printf "" >out; next }
/^\/\/\/ beside / { close(out); out = here "/beside/" $3; printf "" >out; next }
/^\/\/\/ (make|name) / {
    word = $2
    sub(/^\/\/\/ [a-z]+ /, "")
    print >(here "/" word)
    close(here "/" word)
    next
}
out != "" { gsub(/@ROOT@/, root); print >out }
