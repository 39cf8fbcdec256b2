/* Puts UDP packets into a router as if a network card had received them, and prints what each cost.
 *
 * The kernel runs a small XDP program on frames of its own and hands them to the network stack, so
 * that nothing but the router's work is timed: no sender, no wire, no receiver. The time is the
 * thread's own, so a busy machine disturbs it little. Each line of the standard input is one run:
 *
 *     NAMESPACE INTERFACE SOURCE DESTINATION SOURCE-PORT DESTINATION-PORT STEP COUNT
 *
 * where STEP is added to the source port from packet to packet: 1 makes each packet a new flow, 0
 * all of them one. The answer is a line with nanoseconds a packet. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { AT_DATA = 0, AT_END = 4 };

struct frame {
	struct ether_header ethernet;
	struct iphdr ip;
	struct udphdr udp;
	char data[22];
} __attribute__((packed));

enum { HEADERS = offsetof(struct frame, data) };

/* What the XDP program works with, in the one element of its map. */
struct pattern {
	uint32_t port, step;
	uint8_t headers[48];
};

struct run {
	char netns[256], interface[IFNAMSIZ], source[16], destination[16];
	unsigned type, source_port, port, step, count;
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int bpf(int command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static int make_map(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = sizeof(struct pattern),
		.max_entries = 1,
	};
	int map = bpf(BPF_MAP_CREATE, &attributes);
	if (map < 0)
		fail("bpf map");
	return map;
}

static void set_pattern(int map, const struct run *run, const struct frame *frame)
{
	uint32_t zero = 0;
	struct pattern pattern = { .port = run->source_port, .step = run->step };
	memcpy(pattern.headers, frame, HEADERS);
	union bpf_attr attributes = {
		.map_fd = (uint32_t)map,
		.key = (uint64_t)(uintptr_t)&zero,
		.value = (uint64_t)(uintptr_t)&pattern,
	};
	if (bpf(BPF_MAP_UPDATE_ELEM, &attributes) < 0)
		fail("bpf map update");
}

/* clang-format off */
#define INSN(code_, dst_, src_, off_, imm_)                                                        \
	{ .code = (code_), .dst_reg = (dst_), .src_reg = (src_), .off = (off_), .imm = (imm_) }
#define LOAD(size, dst, src, off)  INSN(BPF_LDX | BPF_MEM | (size), dst, src, off, 0)
#define STORE(size, dst, off, src) INSN(BPF_STX | BPF_MEM | (size), dst, src, off, 0)
#define COPY(size, off)                                                                            \
	LOAD(size, BPF_REG_6, BPF_REG_5, (short)(offsetof(struct pattern, headers) + (off))),      \
	STORE(size, BPF_REG_2, off, BPF_REG_6)
#define MOVE(dst, src)             INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define ADD(dst, src)              INSN(BPF_ALU64 | BPF_ADD | BPF_X, dst, src, 0, 0)
#define ADD_NUMBER(dst, number)    INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, number)
#define SET_NUMBER(dst, number)    INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, number)
/* clang-format on */

_Static_assert(HEADERS == 42, "the program copies them in pieces");

/* Gives each frame its headers and its source port, and passes it on. The kernel uses the same
 * frames again and again, so what the router did to them must be undone. */
static int load_program(int map)
{
	const short port = offsetof(struct pattern, port), step = offsetof(struct pattern, step);
	const struct bpf_insn program[] = {
		LOAD(BPF_W, BPF_REG_2, BPF_REG_1, AT_DATA),
		LOAD(BPF_W, BPF_REG_3, BPF_REG_1, AT_END),
		SET_NUMBER(BPF_REG_0, XDP_DROP),
		MOVE(BPF_REG_4, BPF_REG_2),
		ADD_NUMBER(BPF_REG_4, sizeof(struct frame)),
		INSN(BPF_JMP | BPF_JGT | BPF_X, BPF_REG_4, BPF_REG_3, 21, 0),
		INSN(BPF_LD | BPF_IMM | BPF_DW, BPF_REG_5, BPF_PSEUDO_MAP_VALUE, 0, map),
		INSN(0, 0, 0, 0, 0),
		COPY(BPF_DW, 0),
		COPY(BPF_DW, 8),
		COPY(BPF_DW, 16),
		COPY(BPF_DW, 24),
		COPY(BPF_DW, 32),
		COPY(BPF_H, 40),
		LOAD(BPF_W, BPF_REG_6, BPF_REG_5, port),
		LOAD(BPF_W, BPF_REG_7, BPF_REG_5, step),
		ADD(BPF_REG_7, BPF_REG_6),
		STORE(BPF_W, BPF_REG_5, port, BPF_REG_7),
		INSN(BPF_ALU | BPF_END | BPF_TO_BE, BPF_REG_6, 0, 0, 16),
		STORE(BPF_H, BPF_REG_2, offsetof(struct frame, udp), BPF_REG_6),
		SET_NUMBER(BPF_REG_0, XDP_PASS),
		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	static char trouble[4096];
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uint64_t)(uintptr_t)program,
		.insn_cnt = sizeof program / sizeof program[0],
		.license = (uint64_t)(uintptr_t) "GPL",
		.log_buf = (uint64_t)(uintptr_t)trouble,
		.log_size = sizeof trouble,
		.log_level = 1,
	};
	int loaded = bpf(BPF_PROG_LOAD, &attributes);
	if (loaded < 0) {
		fputs(trouble, stderr);
		fail("bpf program");
	}
	return loaded;
}

static uint16_t ip_checksum(const struct iphdr *ip)
{
	uint16_t words[sizeof *ip / 2];
	uint32_t sum = 0;
	memcpy(words, ip, sizeof *ip);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		sum += words[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void read_hardware_address(const char *interface, uint8_t *out)
{
	struct ifreq request = { 0 };
	int anything = socket(AF_INET, SOCK_DGRAM, 0);
	memcpy(request.ifr_name, interface, IFNAMSIZ);
	if (anything < 0 || ioctl(anything, SIOCGIFHWADDR, &request) < 0)
		fail(interface);
	close(anything);
	memcpy(out, request.ifr_hwaddr.sa_data, ETH_ALEN);
}

static struct frame frame_of(const struct run *run)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.tot_len = htons(sizeof(struct frame) - ETHER_HDR_LEN),
		.saddr = inet_addr(run->source),
		.daddr = inet_addr(run->destination),
	};
	ip.check = ip_checksum(&ip);
	struct frame frame = {
		.ethernet = { .ether_shost = { 2, 0, 0, 0, 0, 2 },
			      .ether_type = htons((uint16_t)run->type) },
		.ip = ip,
		.udp = { .dest = htons((uint16_t)run->port),
			 .len = htons(sizeof frame.udp + sizeof frame.data) },
	};
	read_hardware_address(run->interface, frame.ethernet.ether_dhost);
	return frame;
}

static void enter(const char *path)
{
	int netns = open(path, O_RDONLY | O_CLOEXEC);
	if (netns < 0 || setns(netns, CLONE_NEWNET) < 0)
		fail(path);
	close(netns);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Nanoseconds that each of the run's packets took. */
static double inject(int map, int program, const struct run *run)
{
	enter(run->netns);
	struct frame frame = frame_of(run);
	struct xdp_md context = { .data_end = sizeof frame,
				  .ingress_ifindex = if_nametoindex(run->interface) };
	union bpf_attr attributes = {
		.test = { .prog_fd = (uint32_t)program,
			  .data_in = (uint64_t)(uintptr_t)&frame,
			  .data_size_in = sizeof frame,
			  .ctx_in = (uint64_t)(uintptr_t)&context,
			  .ctx_size_in = sizeof context,
			  .repeat = run->count,
			  .flags = BPF_F_TEST_XDP_LIVE_FRAMES },
	};
	set_pattern(map, run, &frame);
	double begin = now();
	if (bpf(BPF_PROG_TEST_RUN, &attributes) < 0)
		fail("bpf test run");
	return (now() - begin) / run->count;
}

int main(void)
{
	int map = make_map();
	int program = load_program(map);
	char line[512];
	while (fgets(line, sizeof line, stdin)) {
		struct run run = { 0 };
		int n = sscanf(line, "%255s %15s %x %15s %15s %u %u %u %u", run.netns,
			       run.interface, &run.type, run.source, run.destination,
			       &run.source_port, &run.port, &run.step, &run.count);
		if (n != 9 || run.count == 0) {
			fprintf(stderr, "not a run: %s", line);
			return 2;
		}
		printf("%.1f\n", inject(map, program, &run));
		fflush(stdout);
	}
	return 0;
}
