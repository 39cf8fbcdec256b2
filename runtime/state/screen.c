#include "runtime/state/screen.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <linux/netfilter/nfnetlink_conntrack.h>
#include <ncurses.h>
#include <term.h>

#include "runtime/program.h"
#include "runtime/scope.h"
#include "runtime/state/batch.h"
#include "runtime/state/socket.h"

/* What keys mean. */
enum mode { MODE_LIST, MODE_PATTERN, MODE_DELETE };

/* Lines that are no groups: what is shown, the titles, and the keys. */
enum { LINES_ABOVE = 2, LINES_BELOW = 1 };

enum { PATTERN_MAX = 64, KEY_ESCAPE = 27, KEY_REDRAW = 'L' & 31 };

struct screen {
	struct talkers *talkers;
	unsigned interval; /* seconds */
	int signals;	   /* a signalfd */
	enum mode mode;
	bool is_done;
	struct talker *rows; /* those that the pattern lets through; on the heap */
	size_t n, first, selected;
	struct tally_key key; /* of the selected group */
	bool is_following;    /* the selection stays with its group, wherever that goes */
	uint64_t connections; /* of all groups */
	char pattern[PATTERN_MAX];
	char message[BATCH_TEXT_MAX]; /* until the next key */
};

static size_t lines_of_rows(void)
{
	return LINES > LINES_ABOVE + LINES_BELOW ? (size_t)(LINES - LINES_ABOVE - LINES_BELOW) : 0;
}

/* The selected row is there, and within what is shown. */
static void settle(struct screen *screen)
{
	size_t shown = lines_of_rows();

	if (screen->selected >= screen->n)
		screen->selected = screen->n ? screen->n - 1 : 0;
	if (screen->selected < screen->first)
		screen->first = screen->selected;
	if (shown && screen->selected >= screen->first + shown)
		screen->first = screen->selected - shown + 1;
	if (screen->n)
		screen->key = screen->rows[screen->selected].sums->key;
}

static void row_text(const struct screen *screen, const struct talker *row,
		     char out[GROUP_TEXT_MAX])
{
	const struct talkers *talkers = screen->talkers;
	group_text(&talkers->group, talkers->session, &row->sums->key, out);
}

/* Puts what was read into order and leaves out what the pattern does not want. */
static void arrange(struct screen *screen)
{
	char text[GROUP_TEXT_MAX];

	free(screen->rows);
	screen->rows = talkers_sorted(screen->talkers);
	screen->n = 0;
	screen->connections = 0;
	for (size_t i = 0; i < screen->talkers->now.tally.n; i++) {
		const struct talker *row = &screen->rows[i];
		screen->connections += row->sums->connections;
		row_text(screen, row, text);
		if (!strcasestr(text, screen->pattern))
			continue;
		if (screen->is_following &&
		    memcmp(&row->sums->key, &screen->key, sizeof screen->key) == 0)
			screen->selected = screen->n;
		screen->rows[screen->n++] = *row;
	}
	settle(screen);
}

static int read_table(struct screen *screen)
{
	struct dump dump = talkers_dump(screen->talkers);
	struct dump_result result;

	int error = dump_run(&dump, &result);
	if (!error)
		arrange(screen);
	return error;
}

/* At most seven characters, in powers of `unit`. */
static const char *amount_text(uint64_t amount, double unit, char out[16])
{
	static const char prefixes[] = "kMGTPE";
	double value = (double)amount;
	size_t i = 0;

	if (amount < 100000) {
		snprintf(out, 16, "%u", (unsigned)amount);
		return out;
	}
	for (value /= unit; value >= unit && prefixes[i + 1]; i++)
		value /= unit;
	snprintf(out, 16, "%.1f%c", value, prefixes[i]);
	return out;
}

static void draw_titles(const struct screen *screen)
{
	const struct talkers *talkers = screen->talkers;

	mvprintw(0, 0, "%llu connections by %s, most %s first: %zu of %zu groups",
		 (unsigned long long)screen->connections, talkers->group.name,
		 talkers_orders[talkers->order], screen->n, talkers->now.tally.n);
	if (talkers->now.tally.lost_connections)
		addstr("; some sums are too low");
	attron(A_REVERSE);
	mvprintw(1, 0, "%-*s", COLS, "");
	mvaddnstr(1, 0, "CONNECTIONS UNREPLIED PACKETS   BYTES BYTES/S  WHO", COLS);
	attroff(A_REVERSE);
}

static void draw_row(const struct screen *screen, size_t index, int line)
{
	const struct talker *row = &screen->rows[index];
	char text[GROUP_TEXT_MAX], packets[16], bytes[16], rate[16] = "-",
							   whole[GROUP_TEXT_MAX + 64];

	row_text(screen, row, text);
	if (talkers_has_rates(screen->talkers))
		amount_text(row->rate, 1024, rate);
	int length =
		snprintf(whole, sizeof whole, "%11u %9u %7s %7s %7s  %s", row->sums->connections,
			 row->sums->unreplied, amount_text(row->sums->packets, 1000, packets),
			 amount_text(row->sums->bytes, 1024, bytes), rate, text);
	if (index == screen->selected)
		attron(A_REVERSE);
	mvaddnstr(line, 0, whole, COLS);
	if (index == screen->selected && length < COLS)
		printw("%-*s", COLS - length, "");
	attroff(A_REVERSE);
}

static void draw_foot(const struct screen *screen)
{
	char text[GROUP_TEXT_MAX + 64], who[GROUP_TEXT_MAX];
	uint32_t count;

	move(LINES - 1, 0);
	switch (screen->mode) {
	case MODE_PATTERN:
		snprintf(text, sizeof text, "show groups with: %s", screen->pattern);
		break;
	case MODE_DELETE:
		count = screen->rows[screen->selected].sums->connections;
		row_text(screen, &screen->rows[screen->selected], who);
		snprintf(text, sizeof text, "Forget %u connection%s of %s? [y/n]", count,
			 count == 1 ? "" : "s", who);
		break;
	case MODE_LIST:
		if (*screen->message)
			snprintf(text, sizeof text, "%s", screen->message);
		else
			snprintf(text, sizeof text,
				 "c/b/r sort  g group  / filter%s%s  d delete  q quit",
				 *screen->pattern ? ": " : "", screen->pattern);
		break;
	}
	addnstr(text, COLS - 1);
}

static void draw(const struct screen *screen)
{
	size_t shown = lines_of_rows();

	erase();
	draw_titles(screen);
	for (size_t i = 0; i < shown && screen->first + i < screen->n; i++)
		draw_row(screen, screen->first + i, LINES_ABOVE + (int)i);
	draw_foot(screen);
	refresh();
}

/* Connections of one group, found by a dump. */
struct hunt {
	const struct group *group;
	struct tally_key key;
	struct targets *targets;
};

static bool hunt_add(void *context, const struct connection *connection)
{
	struct hunt *hunt = context;
	struct tally_key key = { 0 };

	hunt->group->key(hunt->group, connection, &key);
	if (memcmp(&key, &hunt->key, sizeof key) == 0)
		return target_add(hunt->targets, connection);
	return true;
}

/* The group is looked up anew: it is what it is now that goes. */
static int delete_group(struct screen *screen)
{
	const struct talkers *talkers = screen->talkers;
	autotargets struct targets targets = { 0 };
	struct hunt hunt = { &talkers->group, screen->key, &targets };
	struct dump dump = { talkers->filter, group_fields(&talkers->group) | TARGET_FIELDS,
			     hunt_add, &hunt };
	struct dump_result found;
	struct batch_result result;

	int error = dump_run(&dump, &found);
	if (error)
		return error;
	error = batch_send(&targets, IPCTNL_MSG_CT_DELETE, NULL, NULL, &result);
	batch_text(&result, "deleted", screen->message);
	if (error)
		snprintf(screen->message, sizeof screen->message, "the kernel refused: %s",
			 strerror(-error));
	return read_table(screen);
}

static int key_in_delete(struct screen *screen, int key)
{
	screen->mode = MODE_LIST;
	return key == 'y' || key == 'Y' ? delete_group(screen) : 0;
}

static int key_in_pattern(struct screen *screen, int key)
{
	size_t length = strlen(screen->pattern);

	if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		screen->mode = MODE_LIST;
		return 0;
	}
	if (key == KEY_ESCAPE) {
		screen->mode = MODE_LIST;
		screen->pattern[0] = 0;
	} else if ((key == KEY_BACKSPACE || key == 127 || key == '\b') && length > 0) {
		screen->pattern[length - 1] = 0;
	} else if (key < 127 && isprint(key) && length + 1 < PATTERN_MAX) {
		screen->pattern[length] = (char)key;
		screen->pattern[length + 1] = 0;
	}
	arrange(screen);
	return 0;
}

static void select_first(struct screen *screen)
{
	screen->first = screen->selected = 0;
	screen->is_following = false;
}

static int sort_by(struct screen *screen, enum talkers_order order)
{
	screen->talkers->order = order;
	select_first(screen);
	arrange(screen);
	return 0;
}

static int group_next(struct screen *screen)
{
	talkers_set_group(screen->talkers, group_after(screen->talkers->group.name));
	select_first(screen);
	return read_table(screen);
}

static void select_row(struct screen *screen, long by)
{
	if (by < 0 && screen->selected < (size_t)-by)
		screen->selected = 0;
	else
		screen->selected += (size_t)by;
	settle(screen);
	screen->is_following = screen->selected > 0;
}

static int key_in_list(struct screen *screen, int key)
{
	switch (key) {
	case 'q':
		screen->is_done = true;
		return 0;
	case 'c':
		return sort_by(screen, ORDER_CONNECTIONS);
	case 'b':
		return sort_by(screen, ORDER_BYTES);
	case 'r':
		return sort_by(screen, ORDER_RATE);
	case 'g':
		return group_next(screen);
	case '/':
		screen->mode = MODE_PATTERN;
		return 0;
	case 'd':
		screen->mode = screen->n ? MODE_DELETE : MODE_LIST;
		return 0;
	case KEY_UP:
		select_row(screen, -1);
		return 0;
	case KEY_DOWN:
		select_row(screen, 1);
		return 0;
	case KEY_PPAGE:
		select_row(screen, -(long)lines_of_rows());
		return 0;
	case KEY_NPAGE:
		select_row(screen, (long)lines_of_rows());
		return 0;
	default:
		return 0;
	}
}

static int key_take(struct screen *screen, int key)
{
	screen->message[0] = 0;
	if (key == KEY_REDRAW) {
		clearok(curscr, TRUE);
		return 0;
	}
	switch (screen->mode) {
	case MODE_LIST:
		return key_in_list(screen, key);
	case MODE_PATTERN:
		return key_in_pattern(screen, key);
	case MODE_DELETE:
		return key_in_delete(screen, key);
	}
	return 0;
}

static void signal_take(struct screen *screen)
{
	struct signalfd_siginfo info;
	struct winsize size;

	if (read(screen->signals, &info, sizeof info) != sizeof info)
		return;
	if (info.ssi_signo != SIGWINCH) {
		screen->is_done = true;
		return;
	}
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	settle(screen);
}

static int64_t now_milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until `due` or for a key or signal, and takes what has come. 0, or -errno. */
static int await(struct screen *screen, int64_t due)
{
	struct pollfd sources[] = { { STDIN_FILENO, POLLIN, 0 }, { screen->signals, POLLIN, 0 } };
	int64_t left = due - now_milliseconds();
	int key, error = 0;

	if (poll(sources, countof(sources), left > 0 ? (int)left : 0) < 0)
		return errno == EINTR ? 0 : -errno;
	if (sources[1].revents)
		signal_take(screen);
	/* Nobody is there any more. */
	if (sources[0].revents & (POLLHUP | POLLERR))
		screen->is_done = true;
	while (!error && !screen->is_done && (key = getch()) != ERR)
		error = key_take(screen, key);
	return error;
}

/* A question is about the group as it was shown, so nothing is read meanwhile. */
static int watch(struct screen *screen)
{
	int64_t due = 0;
	int error = 0;

	while (!error && !screen->is_done) {
		int64_t now = now_milliseconds();
		if (now >= due) {
			if (screen->mode != MODE_DELETE)
				error = read_table(screen);
			due = now + (int64_t)screen->interval * 1000;
		}
		if (error)
			return error;
		draw(screen);
		error = await(screen, due);
	}
	return error;
}

/* Signals become readable instead of ending the process with the terminal in disorder. */
static int signals_open(sigset_t *old)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < countof(numbers); i++)
		sigaddset(&set, numbers[i]);
	pthread_sigmask(SIG_BLOCK, &set, old);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* newterm does not give back what it took where it fails. */
static bool terminal_is_known(void)
{
	int why;

	if (setupterm(NULL, STDOUT_FILENO, &why) == ERR)
		return false;
	del_curterm(cur_term);
	return true;
}

static SCREEN *terminal_open(void)
{
	SCREEN *terminal = terminal_is_known() ? newterm(NULL, stdout, stdin) : NULL;

	if (!terminal)
		return NULL;
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	return terminal;
}

static int run(struct screen *screen)
{
	const char *type = getenv("TERM");
	SCREEN *terminal = terminal_open();

	if (!terminal)
		return program_fail(STATUS_SYSTEM,
				    "a terminal of the type '%s' is not known; set TERM, or use "
				    "--once for one report",
				    type ? type : "");
	int error = watch(screen);
	endwin();
	delscreen(terminal);
	free(screen->rows);
	return error ? kernel_refused("read or delete connections", error) : STATUS_DONE;
}

int screen_run(struct talkers *talkers, unsigned interval)
{
	sigset_t old;
	autoclose int signals = signals_open(&old);
	struct screen screen = { .talkers = talkers, .interval = interval, .signals = signals };

	if (signals < 0)
		return program_fail(STATUS_SYSTEM, "cannot wait for signals: %s", strerror(errno));
	int status = run(&screen);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return status;
}
