#include "check.h"

#include "runtime/change/token.h"
#include "runtime/scope.h"

static const char head[] = "flywall-table 1 0c5e 4026531840 7\n";
static const char token[] = "flywall-table 1 0c5e 4026531840 7\n"
			    "0 0 1 0000000000000001 00000000000000ff fw_in\n"
			    "3 4294967295 0 0000000000000002 0000000000000003 odd\n";

TEST(tokens_are_read_up_to_a_line_or_not_at_all)
{
	autoarena struct arena *arena = arena_new();

	for (size_t n = 0; n < strlen(token); n++) {
		/* A copy, so that reading on is seen. */
		struct text cut = { text_copy(arena, (struct text){ token, n }), n };
		struct token out = { 0 };
		bool is_line = n >= strlen(head) && token[n - 1] == '\n';
		check(token_parse(arena, cut, &out) == is_line);
	}
}

TEST(tokens_may_name_things_that_no_kernel_has)
{
	autoarena struct arena *arena = arena_new();
	struct token out = { 0 };

	check(token_parse(arena, text_of(token), &out));
	check_number(out.view.things.n, 2);
	for (uint32_t type = 0x7ffffff0; type < 0x80000010; type++)
		check_number(model_key(arena, MODEL_OBJECT, type, TEXT("odd")).n, 4);
	check(view_find(&out.view, model_key(arena, MODEL_OBJECT, UINT32_MAX, TEXT("odd"))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_read_up_to_a_line_or_not_at_all),
		cmocka_unit_test(tokens_may_name_things_that_no_kernel_has),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
