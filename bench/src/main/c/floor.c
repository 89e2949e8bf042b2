// SPDX-License-Identifier: Apache-2.0
// The floor that a recorder is measured against: what it costs to take bytes from N RTSP sessions and
// put them into N files, and nothing else. No packets are parsed, no file can be played.
//
//   floor naive|aggregated HOST FOLDER PORT/PATH...
//
// naive:      epoll, one write() for each read()
// aggregated: a tick of 5 ms, reads until there is nothing more, writes 256 KiB at a time
//
// Files grow as a recorder's do, and a new one is begun behind FILE_BYTES: writing over what was written a moment ago would
// hit pages that are still in the CPU's caches, which no recorder does.
//
// Runs until SIGTERM; prints READY once all sessions play.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 64 << 10, WRITE_BYTES = 256 << 10, TICK_NS = 5 * 1000 * 1000, TEXT_BYTES = 16 << 10, FILE_BYTES = 256 << 20 };

struct session {
  int socket;
  int number;
  int files;
  int file;
  char *buffer;
  size_t used;
  size_t written;
};

static volatile sig_atomic_t stopping = 0;
static const char *folder;

static void stop(int signal) {
  (void)signal;
  stopping = 1;
}

static void die(const char *what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void send_all(int socket, const char *text) {
  size_t length = strlen(text);
  while (length > 0) {
    ssize_t sent = write(socket, text, length);
    if (sent < 0) die("write to camera");
    text += sent;
    length -= (size_t)sent;
  }
}

// Reads one RTSP answer, header and body, byte by byte: nothing of the media may be swallowed.
static void answer(int socket, char *text) {
  size_t used = 0;
  size_t end = 0;
  while (end == 0 || used < end) {
    if (used >= TEXT_BYTES - 1 || read(socket, text + used, 1) != 1) die("answer of camera");
    text[++used] = 0;
    if (end == 0 && used >= 4 && memcmp(text + used - 4, "\r\n\r\n", 4) == 0) {
      const char *length = strcasestr(text, "\ncontent-length:");
      end = used + (length ? (size_t)atoi(length + 16) : 0);
    }
  }
  if (strncmp(text, "RTSP/1.0 200", 12) != 0) {
    errno = EPROTO;
    die(text);
  }
}

static void copy_header(const char *text, const char *name, char *value, size_t size) {
  const char *at = strcasestr(text, name);
  value[0] = 0;
  if (!at) return;
  at += strlen(name);
  while (*at == ' ') at++;
  size_t n = strcspn(at, "\r\n;");
  if (n >= size) n = size - 1;
  memcpy(value, at, n);
  value[n] = 0;
}

static int play(const char *host, int port, const char *path) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, host, &address.sin_addr);
  int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
  if (socket_fd < 0 || connect(socket_fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
  static char text[TEXT_BYTES], request[2048], session[256], url[400], base[512];
  snprintf(url, sizeof url, "rtsp://%s:%d%s", host, port, path);
  snprintf(request, sizeof request, "DESCRIBE %s RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n", url);
  send_all(socket_fd, request);
  answer(socket_fd, text);
  copy_header(text, "\nContent-Base:", base, sizeof base);
  if (!base[0]) snprintf(base, sizeof base, "%s/", url);
  static char description[TEXT_BYTES];
  snprintf(description, sizeof description, "%s", strstr(text, "\r\n\r\n"));
  session[0] = 0;
  int track = 0;
  for (char *media = strstr(description, "\nm="); media; media = strstr(media + 3, "\nm="), track++) {
    char control[400];
    copy_header(media, "\na=control:", control, sizeof control);
    int absolute = strncmp(control, "rtsp://", 7) == 0;
    snprintf(request, sizeof request,
             "SETUP %s%s RTSP/1.0\r\nCSeq: %d\r\nTransport: RTP/AVP/TCP;unicast;interleaved=%d-%d\r\n%s%s%s\r\n",
             absolute ? "" : base, control, track + 2, 2 * track, 2 * track + 1, session[0] ? "Session: " : "",
             session, session[0] ? "\r\n" : "");
    send_all(socket_fd, request);
    answer(socket_fd, text);
    copy_header(text, "\nSession:", session, sizeof session);
  }
  snprintf(request, sizeof request, "PLAY %s RTSP/1.0\r\nCSeq: %d\r\nSession: %s\r\nRange: npt=0.000-\r\n\r\n", base,
           track + 2, session);
  send_all(socket_fd, request);
  answer(socket_fd, text);
  fcntl(socket_fd, F_SETFL, O_NONBLOCK);
  return socket_fd;
}

static void begin_file(struct session *session) {
  char name[4096];
  snprintf(name, sizeof name, "%s/%d-%d.rtp", folder, session->number, session->files++);
  session->file = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0600);
  if (session->file < 0) die(name);
  session->written = 0;
}

static void flush(struct session *session) {
  if (session->used > 0 && write(session->file, session->buffer, session->used) < 0) die("write to file");
  session->written += session->used;
  session->used = 0;
  if (session->written >= FILE_BYTES) {
    close(session->file);
    begin_file(session);
  }
}

// Takes what is there; returns 0 when the camera has gone.
static int drain(struct session *session, int aggregated) {
  for (;;) {
    size_t room = aggregated ? WRITE_BYTES - session->used : READ_BYTES;
    ssize_t got = read(session->socket, session->buffer + session->used, room);
    if (got == 0) return 0;
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    session->used += (size_t)got;
    if (!aggregated || session->used == WRITE_BYTES) flush(session);
    if (!aggregated && (size_t)got < room) return 1;
  }
}

int main(int argc, char **argv) {
  if (argc < 5 || (strcmp(argv[1], "naive") != 0 && strcmp(argv[1], "aggregated") != 0)) {
    fprintf(stderr, "usage: floor naive|aggregated HOST FOLDER PORT/PATH...\n");
    return 2;
  }
  for (int i = 4; i < argc; i++) {
    if (atoi(argv[i]) == 0 || !strchr(argv[i], '/')) {
      fprintf(stderr, "floor: \"%s\" is not PORT/PATH\n", argv[i]);
      return 2;
    }
  }
  int aggregated = argv[1][0] == 'a';
  int count = argc - 4;
  folder = argv[3];
  struct session *sessions = calloc((size_t)count, sizeof *sessions);
  int poll_fd = epoll_create1(0);
  signal(SIGTERM, stop);
  signal(SIGINT, stop);
  signal(SIGPIPE, SIG_IGN);
  for (int i = 0; i < count; i++) {
    sessions[i].number = i;
    begin_file(&sessions[i]);
    sessions[i].buffer = malloc(WRITE_BYTES);
    const char *target = argv[4 + i];
    sessions[i].socket = play(argv[2], atoi(target), strchr(target, '/'));
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, sessions[i].socket, &event);
  }
  printf("READY\n");
  fflush(stdout);
  struct epoll_event events[256];
  while (!stopping) {
    if (aggregated) nanosleep(&(struct timespec){.tv_nsec = TICK_NS}, NULL);
    int ready = epoll_wait(poll_fd, events, 256, 200);
    for (int i = 0; i < ready; i++) {
      struct session *session = &sessions[events[i].data.u32];
      if (!drain(session, aggregated)) epoll_ctl(poll_fd, EPOLL_CTL_DEL, session->socket, NULL);
    }
  }
  for (int i = 0; i < count; i++) flush(&sessions[i]);
  return 0;
}
