/* Sockets to the kernel's connection tracking (ctnetlink). */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "runtime/scope.h"

struct nlattr;
struct nlmsghdr;

/* Room for a request with all attributes of a filter. */
enum { REQUEST_MAX = 1024 };

/* As much as the kernel puts into one message of a dump. */
enum { CHUNK_SIZE = 32768 };

/* A socket of NETLINK_NETFILTER that is closed on exec. 0, or -errno. */
must_check int socket_open(int *out);

/* `type` is IPCTNL_MSG_CT_*; `flags` come on top of NLM_F_REQUEST. The request stands in `buffer`,
 * which has room for REQUEST_MAX bytes. */
struct nlmsghdr *request_start(void *buffer, uint16_t type, uint16_t flags, uint8_t family);

/* 0, or -errno. */
must_check int request_send(int fd, const void *request, size_t size);

/* Receives one datagram; EINTR is tried again. The number of bytes, or -errno. */
must_check long socket_receive(int fd, void *buffer, size_t size, int flags);

/* Sends a request and waits for its acknowledgement: 0, or -errno as the kernel says. */
must_check int request_ask(int fd, struct nlmsghdr *request);

/* What a message of type NLMSG_ERROR says: 0 for an acknowledgement, or -errno. */
int answer_error(const struct nlmsghdr *message);

/* The text of an attribute, empty where it does not end in it. */
const char *attribute_text(const struct nlattr *attribute);

/* Says why the kernel refused `what` ("read the connection table"), with what to do about it;
 * returns STATUS_SYSTEM. `error` is -errno. */
int kernel_refused(const char *what, int error);
