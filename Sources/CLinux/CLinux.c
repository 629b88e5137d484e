// Calls to glibc behind CLinux.h, where GNU extensions can be switched on for one file.

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

_Static_assert(CL_READABLE == EPOLLIN && CL_WRITABLE == EPOLLOUT, "the bits are the kernel's");
_Static_assert(CL_ERROR == EPOLLERR && CL_HANGUP == EPOLLHUP, "the bits are the kernel's");

int cl_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data = {.u64 = token}};
  return epoll_ctl(epoll, operation, descriptor, &event);
}

int cl_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token) {
  return control(epoll, EPOLL_CTL_ADD, descriptor, events, token);
}

int cl_epoll_add_counter(int epoll, int descriptor, uint64_t token) {
  return control(epoll, EPOLL_CTL_ADD, descriptor, EPOLLIN | EPOLLET, token);
}

int cl_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t token) {
  return control(epoll, EPOLL_CTL_MOD, descriptor, events, token);
}

int cl_epoll_remove(int epoll, int descriptor) { return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0); }

int cl_epoll_wait(int epoll, cl_event *events, int capacity, int timeout_milliseconds) {
  struct epoll_event ready[CL_EPOLL_BATCH];
  if (capacity > CL_EPOLL_BATCH) capacity = CL_EPOLL_BATCH;
  int count = epoll_wait(epoll, ready, capacity, timeout_milliseconds);
  for (int i = 0; i < count; i++) {
    events[i] = (cl_event){.token = ready[i].data.u64, .events = ready[i].events};
  }
  return count;
}

int cl_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int cl_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

static _Thread_local uint64_t calls;

void cl_count_call(void) { calls++; }

uint64_t cl_counted_calls(void) { return calls; }

int cl_set_dumpable(int allowed) { return prctl(PR_SET_DUMPABLE, allowed, 0, 0, 0); }

int cl_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

int cl_name_thread(const char *name) {
  errno = pthread_setname_np(pthread_self(), name);
  return errno == 0 ? 0 : -1;
}

void cl_limit_heaps(int count) {
#ifdef M_ARENA_MAX
  mallopt(M_ARENA_MAX, count);
#else
  (void)count;
#endif
}
