# graft.awk - puts a case of the corpus into a solution.
#   -v name=FUNCTION  whose body is replaced
#   -v top=FILE       what stands before everything else
#   -v body=FILE      the new body, without its braces
# Reads the solution; ends with status 1 when it has no such function.

BEGIN { while ((getline line < top) > 0) print line }
!inside && $0 ~ ("^[a-z].*[ *]" name "\\(") { found = 1; head = 1 }
inside && /^}/ { inside = 0 }
!inside { print }
head && /^{/ {
    head = 0
    inside = 1
    while ((getline line < body) > 0) print line
}
END { exit !found }
