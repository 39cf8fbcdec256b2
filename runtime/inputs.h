/* What a configuration is read with, beside its files: the same for each program that compiles one.
 */
#pragma once
#include <stdbool.h>

struct flywall;

struct inputs {
	const char **definitions; /* NAME=EXPR, NULL behind the last one; or NULL */
	bool is_strict;		  /* warnings are errors */
	bool allows_env;	  /* the function env may read the environment */
};

/* The options of all such programs: their codes, letters, and what --help says. */
enum { INPUT_DEFINE = 'D', INPUT_STRICT = 1024, INPUT_ENVIRONMENT };

#define INPUT_LETTERS "D:"
#define INPUT_HELP                                                                                 \
	"  -D, --define=NAME=EXPR  set the variable NAME; FLYWALL_VAR_NAME in the environment "    \
	"does\n"                                                                                   \
	"                         too\n"                                                           \
	"      --allow-env        let the function env read the environment\n"                     \
	"      --strict           warnings are errors\n"

/* Room for as many definitions as a command line has words. False: out of memory. */
bool inputs_open(struct inputs *inputs, int words);
void inputs_close(struct inputs *inputs);

#define autoinputs __attribute__((cleanup(inputs_close)))

/* Takes one of these options; false where it is none of them. */
bool inputs_take(struct inputs *inputs, int option, const char *value);

/* Whether any of them was given. */
bool inputs_are_given(const struct inputs *inputs);

/* Tells the compilation about them, and adds the files. */
void inputs_add(const struct inputs *inputs, char *const paths[], struct flywall *flywall);
