# build.mk - how the runtime and the grader's programs are built.
#
#   build/FLAVOUR/runtime/FLOOR/ROOM.o     one object a room
#   build/FLAVOUR/runtime.list             the names of those objects
#   build/FLAVOUR/unit                     the runtime's own tests
#   build/kit/*.o                          the grader's own objects
#   build/kit/SLUG/EX.{public.o,subject.o,judge,reference}   one exercise's tests, in three builds
#
# A student's room is linked in place of ours object by object, never from an archive:
# there, a room with a missing function would silently let ours in.

CC := gcc
CLANG := clang
OBJCOPY := objcopy

FLAVOURS := rel check asan tsan mem cov
CC_rel := $(CC)
CC_check := $(CC)
CC_asan := $(CC)
CC_tsan := $(CLANG)
CC_mem := $(CC)
CC_cov := $(CC)
FLAGS_rel := -O2
FLAGS_check := -O1 -DGORT_CHECK
FLAGS_asan := -O1 -DGORT_CHECK -fsanitize=address,undefined -fno-sanitize-recover=undefined
FLAGS_tsan := -O1 -DGORT_CHECK -fsanitize=thread
# For memcheck: Criterion starts each test as a new program, which costs Valgrind most of a second.
FLAGS_mem := -O2 -DUNIT_FORK
FLAGS_cov := -O0 --coverage

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
FLOORS := $(sort $(patsubst runtime/%/,%,$(wildcard runtime/*/)))
FLOORS := $(filter-out include t bench,$(FLOORS))
INCLUDES := -Iruntime/include -Igrader/include -iquote grader/src \
    $(foreach f,$(FLOORS),-iquote runtime/$f)
COMMON := -std=gnu11 -g -fno-omit-frame-pointer -pthread $(WARN) $(INCLUDES) -MMD -MP

# A generator (mk*.c) is a program of its own, not a room.
ROOMS := $(sort $(foreach f,$(FLOORS),$(wildcard runtime/$f/*.c)))
ROOMS := $(foreach r,$(ROOMS),$(if $(filter mk%,$(notdir $r)),,$r))
# The tool of `make escape` is a program, built of its own rooms and of the floors below it.
TOOL := $(sort $(wildcard runtime/escape/*.c))
ROOMS := $(filter-out $(TOOL),$(ROOMS))
TOOL_ROOMS := $(TOOL) $(filter runtime/base/%,$(ROOMS)) $(patsubst %,runtime/shapes/%.c,flow escape lower)
FUZZ_ROOMS := $(filter-out %/main.c,$(TOOL_ROOMS)) runtime/escape/t/fuzz.c
UNITS := $(sort $(wildcard runtime/t/*.c))

ifeq ($(V),)
say = @printf '  %-4s %s\n' $(1) $(2);
else
say =
endif

define flavour
build/$(1)/%.o: %.c grader/build.mk
	@mkdir -p $$(@D)
	$$(call say,CC,$$@) $$(CC_$(1)) $$(COMMON) $$(FLAGS_$(1)) -c $$< -o $$@

build/$(1)/runtime.list: $$(ROOMS:%.c=build/$(1)/%.o)
	@printf '%s\n' $$^ > $$@

build/$(1)/unit: $$(ROOMS:%.c=build/$(1)/%.o) $$(UNITS:%.c=build/$(1)/%.o)
	$$(call say,LD,$$@) $$(CC_$(1)) $$(FLAGS_$(1)) -pthread $$^ -lcriterion -o $$@

build/$(1)/escape: $$(TOOL_ROOMS:%.c=build/$(1)/%.o)
	$$(call say,LD,$$@) $$(CC_$(1)) $$(FLAGS_$(1)) -pthread $$^ -o $$@

build/$(1)/escape-fuzz: $$(FUZZ_ROOMS:%.c=build/$(1)/%.o)
	$$(call say,LD,$$@) $$(CC_$(1)) $$(FLAGS_$(1)) -pthread $$^ -o $$@
endef
$(foreach f,$(FLAVOURS),$(eval $(call flavour,$f)))

build/kit/mkgo: runtime/escape/t/mkgo.c
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) -std=gnu11 -O2 $(WARN) $< -o $@

build/kit/%.o: grader/src/%.c grader/build.mk
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(COMMON) -O2 -D_GNU_SOURCE -DGT_KIT -c $< -o $@

# Tests, built three ways (grader/include/gt.h says why). A test file is named EX_ROOM.c.
KIT := build/kit
JUDGE_OBJECTS := $(foreach o,judge run verdict,$(KIT)/$o.o)
SUBJECT_OBJECTS := $(foreach o,subject count words,$(KIT)/$o.o)
PUBLIC_OBJECTS := $(foreach o,public count words,$(KIT)/$o.o)
UNUSED := -Wno-unused-function -Wno-unused-variable -Wno-unused-parameter \
    -Wno-unused-but-set-variable -Wno-unused-value

$(KIT)/%.public.o: modules/%.c grader/build.mk
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(COMMON) -O1 -DGT_PUBLIC -c $< -o $@

$(KIT)/%.subject.o: modules/%.c grader/build.mk
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(COMMON) $(UNUSED) -O1 -DGT_SUBJECT -c $< -o $@

$(KIT)/%.judge.o: modules/%.c grader/build.mk
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(COMMON) $(UNUSED) -O1 -DGT_JUDGE -c $< -o $@

# tests_of MODULE NAME KIND: the objects of one exercise's suites; a handout has no hidden.
tests_of = $(patsubst modules/%.c,$(KIT)/%.$(3).o,$(wildcard modules/$(1)/public/$(2).c) \
    $(wildcard modules/$(1)/hidden/$(2).c))
room_of = $(lastword $(subst _, ,$(1)))
exercises_of = $(basename $(notdir $(sort $(wildcard modules/$(1)/public/*.c))))

define exercise
$(KIT)/$(1)/$(2).judge: $(call tests_of,$(1),$(2),judge) $(JUDGE_OBJECTS)
	$$(call say,LD,$$@) $(CC) -pthread $$^ -lcriterion -o $$@

$(KIT)/$(1)/$(2).reference: build/rel/runtime.list $(call tests_of,$(1),$(2),subject) \
    $(SUBJECT_OBJECTS) grader/link.sh
	$$(call say,LD,$$@) bash grader/link.sh subject $(1) $(2) \
	    $(filter build/rel/runtime/%/$(call room_of,$(2)).o,$(ROOMS:%.c=build/rel/%.o)) $$@

$(KIT)/$(1)/kit: $(KIT)/$(1)/$(2).judge $(KIT)/$(1)/$(2).reference \
    $(KIT)/$(1)/public/$(2).public.o $(PUBLIC_OBJECTS)
endef
MODULES := $(filter-out _%,$(notdir $(sort $(wildcard modules/*))))
$(foreach m,$(MODULES),$(foreach e,$(call exercises_of,$m),$(eval $(call exercise,$m,$e))))

# kit: all that grading one module needs.
KITS := $(MODULES:%=$(KIT)/%/kit)
$(KITS):
	@touch $@

-include $(wildcard $(foreach f,$(FLAVOURS),build/$f/runtime/*/*.d build/$f/runtime/*/t/*.d) \
    $(KIT)/*.d $(KIT)/*/*/*.d)
