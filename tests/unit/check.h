/* What every unit test includes: cmocka, and a few words of our own. */
#pragma once
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TEST(name)		static void name(void **state __attribute__((unused)))
#define check(claim)		assert_true(claim)
#define check_text(got, want)	assert_string_equal(got, want)
#define check_number(got, want) assert_int_equal(got, want)
