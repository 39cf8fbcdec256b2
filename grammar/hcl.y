/* The grammar of HCL. Actions only build the tree; which words mean something is for others to know. */
%code requires {
#include "grammar/parser.h"
#include "grammar/build.h"
}
%define api.pure full
%define api.prefix {hcl_}
%define api.location.type {struct span}
%define api.token.prefix {T_}
%define parse.error custom
%define parse.lac full
%locations
%param {struct parser *p}
%expect 0
%initial-action { @$ = parser_span(p, 0, 0); }
%code {
#include "grammar/filter.h"

#include <stdlib.h>
#include <string.h>

/* Nesting is bounded by the filter, so the stack may grow to whatever that allows. */
#define YYMAXDEPTH 200000

#define YYLLOC_DEFAULT(whole, parts, n)                                                            \
	((whole) = (n) ? span_join(YYRHSLOC(parts, 1), YYRHSLOC(parts, n))                         \
		       : (struct span){ YYRHSLOC(parts, 0).end, YYRHSLOC(parts, 0).end })

/* Only behind a token that was consumed: the offending one may still be the next. */
#define RECOVERED()                                                                                \
	do {                                                                                       \
		yyerrok;                                                                           \
		p->is_recovering = false;                                                          \
	} while (0)

static void hcl_error(const struct span *at, struct parser *p, const char *message);
}
%union {
	struct expr *expr;
	struct expr_list *list;
	struct expr_object *object;
	struct object_member member;
	struct expr_call *call;
	struct expr_path *path;
	struct expr_template *template;
	struct template_part *part;
	struct for_intro *intro;
	struct body *body;
	struct item *item;
	struct labels *labels;
	bool flag;
}

%token END 0 "the end of the file"
%token LINE_END "the end of the line" NEWLINE "a new line"
%token NAME "a name" NUMBER "a number" STRING "a string" INVALID "an invalid character"
%token QUOTE "a quoted string" QUOTE_END "the end of the string" HEREDOC "a heredoc" HEREDOC_END "the end of the heredoc"
%token TEXT "text" INTERPOLATION "${" DIRECTIVE "%{" SEQUENCE_END "the end of the sequence"
%token BRACE_FOR "{ for" BODY "{"
%token EQUAL "==" NOT_EQUAL "!=" AT_LEAST ">=" AT_MOST "<=" AND "&&" OR "||" COLONS "::" DOTS "..." ARROW "=>"
%token FOR "for" IN "in" IF "if" ELSE "else" ENDIF "endif" ENDFOR "endfor"
%right '?'
%left OR
%left AND
%left EQUAL NOT_EQUAL
%left '<' '>' AT_MOST AT_LEAST
%left '+' '-'
%left '*' '/' '%'
%precedence UNARY
%type <expr> expr primary string condition
%type <path> postfix
%type <expr> argument element
%type <list> elements
%type <object> members
%type <member> member
%type <call> arguments argument_list
%type <template> parts
%type <part> part
%type <intro> intro
%type <body> body block_body
%type <item> item attribute block bad_header
%type <labels> labels
%type <flag> groups
%%
file: body                              { p->result = build_body_end(p, $1, @1); }
    ;
body: %empty                            { $$ = build_body(p); }
    | body item                         { $$ = build_item(p, $1, $2); }
    ;
item: line_end                          { $$ = build_no_item(p); }
    | attribute line_end
    | block line_end
    | bad_header line_end               { $$ = build_no_item(p); }
    ;
line_end: LINE_END                      { RECOVERED(); }
    ;
attribute: name '=' expr                { $$ = build_attribute(p, @1, $3); }
    ;
block: name labels block_body           { $$ = build_block(p, @1, $2, $3, span_join(@1, @2)); }
    | bad_header block_body             { $$ = build_no_item(p); }
    ;
bad_header: name labels error           { $$ = build_no_item(p); }
    | error                             { $$ = build_no_item(p); }
    ;
block_body: brace LINE_END body '}'     { $$ = build_body_end(p, $3, @$); }
    | brace '}'                         { $$ = build_body_end(p, build_body(p), @$); }
    | brace attribute '}'               {
		struct body *body = build_item(p, build_body(p), $2);
		$$ = build_body_end(p, body, @$);
	}
    | brace error '}'                   { $$ = build_body_end(p, build_body(p), @$); RECOVERED(); }
    ;
brace: BODY                             { RECOVERED(); }
    ;
labels: %empty                          { $$ = build_labels(p); }
    | labels name                       { $$ = build_label(p, $1, @2, false); }
    | labels STRING                     { $$ = build_label(p, $1, @2, true); }
    | labels QUOTE parts QUOTE_END      { $$ = build_template_label(p, $1, $3, span_join(@2, @4)); }
    ;
name: NAME | FOR | IN | IF | ELSE | ENDIF | ENDFOR
    ;

expr: primary
    | postfix                           { $$ = build_node(p, &$1->expr); }
    | '-' expr %prec UNARY              { $$ = build_unary(p, OPERATOR_NEGATE, @$, $2); }
    | '!' expr %prec UNARY              { $$ = build_unary(p, OPERATOR_NOT, @$, $2); }
    | expr OR expr                      { $$ = build_binary(p, OPERATOR_OR, $1, $3); }
    | expr AND expr                     { $$ = build_binary(p, OPERATOR_AND, $1, $3); }
    | expr EQUAL expr                   { $$ = build_binary(p, OPERATOR_EQUAL, $1, $3); }
    | expr NOT_EQUAL expr               { $$ = build_binary(p, OPERATOR_NOT_EQUAL, $1, $3); }
    | expr '<' expr                     { $$ = build_binary(p, OPERATOR_LESS, $1, $3); }
    | expr '>' expr                     { $$ = build_binary(p, OPERATOR_GREATER, $1, $3); }
    | expr AT_MOST expr                 { $$ = build_binary(p, OPERATOR_AT_MOST, $1, $3); }
    | expr AT_LEAST expr                { $$ = build_binary(p, OPERATOR_AT_LEAST, $1, $3); }
    | expr '+' expr                     { $$ = build_binary(p, OPERATOR_ADD, $1, $3); }
    | expr '-' expr                     { $$ = build_binary(p, OPERATOR_SUBTRACT, $1, $3); }
    | expr '*' expr                     { $$ = build_binary(p, OPERATOR_MULTIPLY, $1, $3); }
    | expr '/' expr                     { $$ = build_binary(p, OPERATOR_DIVIDE, $1, $3); }
    | expr '%' expr                     { $$ = build_binary(p, OPERATOR_REMAINDER, $1, $3); }
    | expr '?' expr ':' expr %prec '?'  { $$ = build_node(p, expr_conditional(p->arena, $1, $3, $5)); }
    ;
postfix: primary '.' name               { $$ = build_attribute_step(p, expr_path(p->arena, $1), @$, @3); }
    | primary '.' NUMBER                { $$ = build_legacy_index(p, expr_path(p->arena, $1), @$, @3); }
    | primary '.' '*'                   { $$ = build_splat(p, expr_path(p->arena, $1), STEP_ATTRIBUTE_SPLAT, @$); }
    | primary '[' expr ']'              { $$ = build_index(p, expr_path(p->arena, $1), @$, $3); }
    | primary '[' '*' ']'               { $$ = build_splat(p, expr_path(p->arena, $1), STEP_FULL_SPLAT, @$); }
    | primary '[' error ']'             { $$ = build_bad_index(p, expr_path(p->arena, $1), @$); RECOVERED(); }
    | postfix '.' name                  { $$ = build_attribute_step(p, $1, @$, @3); }
    | postfix '.' NUMBER                { $$ = build_legacy_index(p, $1, @$, @3); }
    | postfix '.' '*'                   { $$ = build_splat(p, $1, STEP_ATTRIBUTE_SPLAT, @$); }
    | postfix '[' expr ']'              { $$ = build_index(p, $1, @$, $3); }
    | postfix '[' '*' ']'               { $$ = build_splat(p, $1, STEP_FULL_SPLAT, @$); }
    | postfix '[' error ']'             { $$ = build_bad_index(p, $1, @$); RECOVERED(); }
    ;
primary: NUMBER                         { $$ = build_number(p, @1); }
    | name                              { $$ = expr_leaf(p->arena, EXPR_NAME, @1); }
    | function '(' arguments end_call   { $$ = build_call(p, $3, @1, @$); }
    | '(' expr ')'                      { $$ = build_node(p, expr_unary(p->arena, EXPR_PARENTHESES, OPERATOR_NOT, @$, $2)); }
    | '(' error ')'                     { $$ = expr_leaf(p->arena, EXPR_BAD, @$); RECOVERED(); }
    | string
    | HEREDOC parts HEREDOC_END         { $$ = build_heredoc(p, $2, @1, @$); }
    | '[' ']'                           { $$ = build_tuple(p, expr_tuple(p->arena), @$, @2); }
    | '[' elements end_tuple            { $$ = build_tuple(p, $2, @$, @2); }
    | '[' elements comma ']'            { $$ = build_tuple(p, $2, @$, @2); }
    | '{' newline '}'                   { $$ = build_object(p, expr_object(p->arena), @$); }
    | '{' newline members end_object    { $$ = build_object(p, $3, @$); }
    | '{' newline members separator '}' { $$ = build_object(p, $3, @$); }
    | '[' FOR intro ':' expr condition ']' {
		$$ = build_for(p, expr_for(p->arena, $3, NULL, $5, false, $6, @$));
	}
    | '[' FOR intro ':' expr ARROW expr groups condition ']' {
		$$ = build_bad_for(p, @6, D_FOR_TUPLE_KEY, @$);
	}
    | '[' FOR intro ':' expr DOTS condition ']' {
		$$ = build_bad_for(p, @6, D_FOR_TUPLE_GROUPS, @$);
	}
    | BRACE_FOR intro ':' expr ARROW expr groups condition '}' {
		$$ = build_for(p, expr_for(p->arena, $2, $4, $6, $7, $8, @$));
	}
    | BRACE_FOR intro ':' expr groups condition '}' {
		$$ = build_bad_for(p, @4, D_FOR_OBJECT_KEY, @$);
	}
    | BRACE_FOR error '}'               { $$ = expr_leaf(p->arena, EXPR_BAD, @$); RECOVERED(); }
    ;
string: STRING                          { $$ = expr_leaf(p->arena, EXPR_STRING, @1); }
    | QUOTE parts QUOTE_END             { $$ = build_template(p, $2, @$); }
    ;
intro: name IN expr                     { $$ = build_intro(p, NOWHERE, @1, $3); }
    | name ',' name IN expr             { $$ = build_intro(p, @1, @3, $5); }
    ;
condition: %empty                       { $$ = NULL; }
    | IF expr                           { $$ = $2; }
    ;
groups: %empty                          { $$ = false; }
    | DOTS                              { $$ = true; }
    ;
function: name
    | name COLONS name
    ;
arguments: %empty                       { $$ = expr_call(p->arena); }
    | argument_list
    | argument_list comma
    | argument_list DOTS                { $$ = $1; $$->expands = true; }
    ;
argument_list: argument                 { $$ = build_argument(p, expr_call(p->arena), $1); }
    | argument_list comma argument      { $$ = build_argument(p, $1, $3); }
    ;
argument: expr
    | error                             { $$ = expr_leaf(p->arena, EXPR_BAD, @1); }
    ;
end_tuple: ']'                          { RECOVERED(); }
    ;
end_call: ')'                           { RECOVERED(); }
    ;
end_object: '}'                         { RECOVERED(); }
    ;
elements: element                       { $$ = build_element(p, expr_tuple(p->arena), $1); }
    | elements comma element            { $$ = build_element(p, $1, $3); }
    ;
element: expr
    | expr ':' expr                     { $$ = build_node(p, expr_binary(p->arena, EXPR_RANGE, OPERATOR_OR, $1, $3)); }
    | error                             { $$ = expr_leaf(p->arena, EXPR_BAD, @1); }
    ;
members: member                         { $$ = build_member(p, expr_object(p->arena), &$1); }
    | members separator member          { $$ = build_member(p, $1, &$3); }
    ;
member: expr '=' expr                   { $$ = (struct object_member){ $1, $3 }; }
    | expr ':' expr                     { $$ = (struct object_member){ $1, $3 }; }
    | error                             { $$ = (struct object_member){ NULL, NULL }; }
    ;
separator: comma newline
    | NEWLINE                           { RECOVERED(); }
    ;
comma: ','                              { RECOVERED(); }
    ;
newline: %empty
    | NEWLINE
    ;
parts: %empty                           { $$ = expr_template(p->arena); }
    | parts part                        { $$ = build_part(p, $1, $2); }
    ;
part: TEXT                              { $$ = build_text(p, @1); }
    | INTERPOLATION expr SEQUENCE_END   { $$ = build_sequence(p, PART_INTERPOLATION, @$, $2); }
    | INTERPOLATION error SEQUENCE_END  { $$ = build_sequence(p, PART_BAD, @$, NULL); RECOVERED(); }
    | DIRECTIVE IF expr SEQUENCE_END    { $$ = build_sequence(p, PART_IF, @$, $3); }
    | DIRECTIVE ELSE SEQUENCE_END       { $$ = build_sequence(p, PART_ELSE, @$, NULL); }
    | DIRECTIVE ENDIF SEQUENCE_END      { $$ = build_sequence(p, PART_ENDIF, @$, NULL); }
    | DIRECTIVE FOR intro SEQUENCE_END  { $$ = build_sequence(p, PART_FOR, @$, NULL); $$->intro = *$3; }
    | DIRECTIVE ENDFOR SEQUENCE_END     { $$ = build_sequence(p, PART_ENDFOR, @$, NULL); }
    | DIRECTIVE error SEQUENCE_END      { $$ = build_sequence(p, PART_BAD, @$, NULL); RECOVERED(); }
    ;
%%

/* What can always go on with a value: that it could is no news. */
static bool is_operator(yysymbol_kind_t kind)
{
	static const yysymbol_kind_t kinds[] = {
		YYSYMBOL_EQUAL, YYSYMBOL_NOT_EQUAL, YYSYMBOL_AT_LEAST, YYSYMBOL_AT_MOST,
		YYSYMBOL_AND,	YYSYMBOL_OR,	    YYSYMBOL_COLONS,   YYSYMBOL_DOTS,
	};
	for (size_t i = 0; i < countof(kinds); i++)
		if (kinds[i] == kind)
			return true;
	const char *name = yysymbol_name(kind);
	return name[0] == '\'' && strchr("<>+-*/%?.[(", name[1]);
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parser *p)
{
	yysymbol_kind_t kinds[YYNTOKENS], found = yypcontext_token(context);
	const char *names[YYNTOKENS];
	struct syntax_error error = { .kind = p->last,
				      .at = *yypcontext_location(context),
				      .found = yysymbol_name(found),
				      .expected = names };
	int n = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
	for (int i = 0; i < n; i++) {
		const char *name = yysymbol_name(kinds[i]);
		error.wants_value |= kinds[i] == YYSYMBOL_NUMBER;
		error.ends_value |= kinds[i] == YYSYMBOL_OR;
		error.wants_equal |= strcmp(name, "'='") == 0;
		error.wants_colon |= strcmp(name, "':'") == 0;
		if (!is_operator(kinds[i]))
			names[error.expected_n++] = name;
	}
	p->is_recovering = true;
	p->error_depth = p->depth;
	/* What is no token at all, or was too deep, has its message already. */
	if (found != YYSYMBOL_INVALID && !p->has_given_up)
		syntax_error_report(p, &error);
	return 0;
}

/* Only where the parser's own memory ends. */
static void hcl_error(const struct span *at, struct parser *p, const char *message)
{
	(void)message;
	diag_error(p->diags, D_TOO_DEEP, *at);
}
