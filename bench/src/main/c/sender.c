// SPDX-License-Identifier: Apache-2.0
// The floor that live views are measured against: what it costs to wake up for each picture and to hand it to the kernel
// for each viewer, and nothing else. Nothing is received, encrypted or asked.
//
//   sender udp|tcp VIEWERS PICTURES_PER_SECOND BYTES_PER_PICTURE SECONDS
//
// udp: datagrams of at most DATAGRAM_BYTES; tcp: one write() for each picture. Over loopback, to a process that throws all of it
// away with a thread for each viewer. Prints the CPU that the sending process used for each viewer, in percent of a core.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { VIEWERS_MAX = 1000, DATAGRAM_BYTES = 1200, PICTURE_BYTES_MAX = 1 << 20 };

static int receivers[VIEWERS_MAX];
static int senders[VIEWERS_MAX];
static char picture[PICTURE_BYTES_MAX];

static void die(const char *what) {
  fprintf(stderr, "sender: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void *drop(void *socket) {
  char buffer[64 << 10];
  while (recv(*(int *)socket, buffer, sizeof buffer, 0) > 0) {
  }
  return NULL;
}

static struct sockaddr_in bound(int socket) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(socket, (struct sockaddr *)&address, length) < 0) die("bind");
  if (getsockname(socket, (struct sockaddr *)&address, &length) < 0) die("getsockname");
  return address;
}

static void connect_viewer(int viewer, int type) {
  int door = socket(AF_INET, type, 0);
  struct sockaddr_in address = bound(door);
  senders[viewer] = socket(AF_INET, type, 0);
  if (type == SOCK_STREAM && listen(door, 1) < 0) die("listen");
  if (connect(senders[viewer], (struct sockaddr *)&address, sizeof address) < 0) die("connect");
  receivers[viewer] = type == SOCK_STREAM ? accept(door, NULL, NULL) : door;
  if (receivers[viewer] < 0) die("accept");
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static double cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void send_picture(int socket, long bytes, long most) {
  for (long sent = 0; sent < bytes;) {
    long part = bytes - sent < most ? bytes - sent : most;
    ssize_t done = send(socket, picture + sent, (size_t)part, MSG_NOSIGNAL);
    if (done < 0) die("send");
    sent += done;
  }
}

int main(int count, char **arguments) {
  if (count != 6) {
    fprintf(stderr, "usage: sender udp|tcp VIEWERS PICTURES_PER_SECOND BYTES_PER_PICTURE SECONDS\n");
    return 2;
  }
  int type = strcmp(arguments[1], "udp") == 0 ? SOCK_DGRAM : SOCK_STREAM;
  int viewers = atoi(arguments[2]);
  long rate = atol(arguments[3]);
  long bytes = atol(arguments[4]);
  long lasts = atol(arguments[5]);
  if (viewers < 1 || viewers > VIEWERS_MAX || rate < 1 || rate > 1000 || bytes < 1 || bytes > PICTURE_BYTES_MAX || lasts < 1) {
    fprintf(stderr, "sender: VIEWERS 1..%d, PICTURES_PER_SECOND 1..1000, BYTES_PER_PICTURE 1..%d\n", VIEWERS_MAX, PICTURE_BYTES_MAX);
    return 2;
  }
  for (int i = 0; i < viewers; i++) connect_viewer(i, type);
  pid_t receiving = fork();
  if (receiving < 0) die("fork");
  if (receiving == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pthread_t thread;
    for (int i = 0; i < viewers; i++) {
      if (pthread_create(&thread, NULL, drop, &receivers[i]) != 0) die("thread");
    }
    for (;;) pause();
  }
  int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  long period = 1000000000L / rate;
  struct itimerspec every = {.it_interval = {period / 1000000000L, period % 1000000000L}, .it_value = {0, 1000000}};
  if (timer < 0 || timerfd_settime(timer, 0, &every, NULL) < 0) die("timer");
  double began = now(), used = cpu();
  for (long n = 0; n < lasts * rate; n++) {
    unsigned long long ticks;
    if (read(timer, &ticks, sizeof ticks) < 0) die("timer");
    for (int i = 0; i < viewers; i++) send_picture(senders[i], bytes, type == SOCK_DGRAM ? DATAGRAM_BYTES : bytes);
  }
  printf("%.4f\n", (cpu() - used) / (now() - began) * 100 / viewers);
  kill(receiving, SIGKILL);
  waitpid(receiving, NULL, 0);
  return 0;
}
