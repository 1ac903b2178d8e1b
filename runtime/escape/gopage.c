/*
 * gopage.c - the source as a page, with the verdicts in its margin.
 *
 * Invariants:
 *   I1  what comes from the source is escaped; the page loads nothing and runs nothing
 *
 * Refused: colours for Go's syntax. The page is about the margin.
 *
 * Go: none. The verdicts are those of goreport. Module 37.
 */
#include "gopage.h"

#include <string.h>

static void write_text(FILE *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        switch (text[i]) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(text[i], out);
            break;
        }
}

static void head(const struct gosrc *s, FILE *out)
{
    fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>", out);
    write_text(out, s->file, strlen(s->file));
    fputs("</title>\n<style>\n"
        "body { font: 15px/1.5 sans-serif; margin: 2em; color: #222; background: #fff }\n"
        "table { border-collapse: collapse } td { vertical-align: top; padding: 0 .8em }\n"
        "td.number { color: #666; text-align: right } td.code { white-space: pre; tab-size: 4 }\n"
        "td.number, td.code { font-family: monospace }\n"
        "td.notes { border-left: 1px solid #ccc; font-size: 13px }\n"
        ".heap { color: #a02000; font-weight: bold } .leak { color: #7a5a00 }\n"
        ".stays { color: #1a6a2a } pre { margin: 0 0 0 1em }\n"
        "@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1c1c1c }\n"
        ".heap { color: #ff9880 } .leak { color: #e0c060 } .stays { color: #80d090 } }\n"
        "</style></head><body>\n<h1>", out);
    write_text(out, s->file, strlen(s->file));
    fputs("</h1>\n<p><span class=\"heap\">on the heap</span>, <span class=\"leak\">flows out"
        "</span>, <span class=\"stays\">stays in the frame</span></p>\n<table>\n", out);
}

static const char *class_of(const char *text)
{
    if (strstr(text, "does not escape") != NULL)
        return "stays";
    return strstr(text, "moved to heap") != NULL || strstr(text, "escapes to heap") != NULL ?
        "heap" : "leak";
}

/* The notes of a line; *next is the first that is not written yet. */
static void notes(const struct gosrc *s, FILE *out, uint32_t line, uint32_t *next)
{
    for (; *next < s->diags.n && s->diags.at[*next].pos.line <= line; (*next)++) {
        const struct godiag *d = &s->diags.at[*next];

        fprintf(out, "<div class=\"%s\">%u: ", class_of(d->text), d->pos.col);
        write_text(out, d->text, strlen(d->text));
        fputs("</div>", out);
        if (d->why != NULL) {
            fputs("<pre>", out);
            write_text(out, d->why, strlen(d->why));
            fputs("</pre>", out);
        }
    }
}

void gopage_write(const struct gosrc *s, FILE *out)
{
    const char *p = s->text, *end = s->text + s->size;
    uint32_t next = 0;

    head(s, out);
    for (uint32_t line = 1; p < end; line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));

        if (stop == NULL)
            stop = end;
        fprintf(out, "<tr><td class=\"number\">%u</td><td class=\"code\">", line);
        write_text(out, p, (size_t)(stop - p));
        fputs("</td><td class=\"notes\">", out);
        notes(s, out, line, &next);
        fputs("</td></tr>\n", out);
        p = stop < end ? stop + 1 : end;
    }
    fputs("</table></body></html>\n", out);
}
