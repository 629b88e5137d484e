// The parts of Linux and glibc that Swift's own Glibc module does not offer.

#ifndef CLINUX_H
#define CLINUX_H

#include <stdint.h>
#include <sys/socket.h>

/// One ready descriptor: the token that it was registered with, and EPOLLIN, EPOLLOUT, … as bits.
///
/// `struct epoll_event` itself is packed and holds a union, which Swift would have to take apart by hand.
typedef struct {
  uint64_t token;
  uint32_t events;
} cl_event;

enum {
  CL_READABLE = 0x001,  // EPOLLIN
  CL_WRITABLE = 0x004,  // EPOLLOUT
  CL_ERROR = 0x008,     // EPOLLERR
  CL_HANGUP = 0x010,    // EPOLLHUP
};

/// A new epoll descriptor, closed on exec; -1 and errno on failure, as for all functions here.
int cl_epoll_create(void);
int cl_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token);
int cl_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t token);
int cl_epoll_remove(int epoll, int descriptor);

/// Watches an eventfd by edge: each write to it is one event, and nobody has to read it.
int cl_epoll_add_counter(int epoll, int descriptor, uint64_t token);

/// Waits for up to `capacity` events, at most CL_EPOLL_BATCH; a negative timeout waits for ever.
int cl_epoll_wait(int epoll, cl_event *events, int capacity, int timeout_milliseconds);
enum { CL_EPOLL_BATCH = 256 };

/// A new non-blocking event counter at zero, closed on exec.
int cl_eventfd(void);

/// accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC.
int cl_accept(int listener, struct sockaddr *address, socklen_t *length);

/// Counts a system call of the calling thread, and tells how many it has counted.
void cl_count_call(void);
uint64_t cl_counted_calls(void);

/// Allows or forbids core dumps of this process and tracing by others (PR_SET_DUMPABLE), and tells which holds.
int cl_set_dumpable(int allowed);
int cl_is_dumpable(void);

/// mallopt with M_ARENA_MAX; nothing where the C library has no such heaps.
void cl_limit_heaps(int count);

/// Names the calling thread for debuggers and top; longer names than 15 octets are refused with ERANGE.
int cl_name_thread(const char *name);

#endif
