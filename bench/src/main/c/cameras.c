// SPDX-License-Identifier: Apache-2.0
// Cameras that cost next to nothing: one RTSP server whose sessions all send the same H.264 clip in real time,
// in RTP over TCP. The clip is cut into packets once; per session only sequence number, timestamp and the
// frame's number are patched in before the kernel copies the bytes.
//
//   cameras PORT CLIP.h264 K [SPREAD_MS]
//
// K = 0: a frame is one send, as from a camera on a fast link. K > 0: at most K packets per camera and
// millisecond, as from a slower one (1: about 11 Mbit/s, the worst case: a wake-up for each packet).
//
// Each frame begins with an SEI message of user data: UUID "nxvms-bench-clip" and the frame's number in the
// session as ten digits, so that a recording tells which frames it has. A session begins with the key frame,
// at most SPREAD_MS after it was asked for: by default the time of a GOP, over which key frames are spread evenly then.
// A consumer that falls behind by more than BACKLOG_BYTES loses whole frames, which are counted.
//
// Prints READY; on SIGTERM prints "sent FRAMES dropped FRAMES sessions N backlog BYTES" and ends; the last is the most
// that one consumer fell behind, beside what the kernel keeps for it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
  FRAMES_MAX = 4000,
  PACKETS_MAX = 400000,
  PAYLOAD_BYTES = 1400,
  SESSIONS_MAX = 4000,
  BACKLOG_BYTES = 4 << 20,
  REQUEST_BYTES = 4096,
  DIGITS = 10,
  FRAME_NS = 40 * 1000 * 1000,
  GOP_FRAMES = 50,
  TICKS_PER_FRAME = 3600,
  SSRC = 0x6e787631
};

struct frame {
  size_t begin, end;   // in packets
  int first, count;    // packet numbers
  size_t number;       // where the digits are
};

struct session {
  int socket;
  int playing;
  char request[REQUEST_BYTES];
  size_t request_used;
  uint16_t sequence;
  uint64_t frame;      // number in the session
  int part;            // packets of the frame that were handed over
  int64_t due_ns;
  char *backlog;
  size_t backlog_used, backlog_sent;
};

static char *packets;          // all packets with their interleaving headers
static size_t packets_used, packets_size;
static size_t packet_at[PACKETS_MAX + 1];
static int packet_count;
static struct frame frames[FRAMES_MAX];
static int frame_count;
static char sps64[400], pps64[400], profile[8];
static struct session *sessions[SESSIONS_MAX];
static int session_count, sessions_ever, pace;
static int64_t spread_ns = (int64_t)FRAME_NS * GOP_FRAMES;
static uint64_t sent_frames, dropped_frames;
static size_t backlog_most;
static volatile sig_atomic_t stopping = 0;

static void stop(int signal) {
  (void)signal;
  stopping = 1;
}

static void die(const char *what) {
  fprintf(stderr, "cameras: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// ---- the clip ------------------------------------------------------------------------------------------------

static void base64(const unsigned char *in, size_t n, char *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < n; i += 3) {
    unsigned v = in[i] << 16 | (i + 1 < n ? in[i + 1] << 8 : 0) | (i + 2 < n ? in[i + 2] : 0);
    *out++ = digits[v >> 18];
    *out++ = digits[v >> 12 & 63];
    *out++ = i + 1 < n ? digits[v >> 6 & 63] : '=';
    *out++ = i + 2 < n ? digits[v & 63] : '=';
  }
  *out = 0;
}

static void packet(const unsigned char *prefix, size_t prefix_bytes, const unsigned char *bytes, size_t n, int marker) {
  size_t length = 12 + prefix_bytes + n;
  if (packet_count == PACKETS_MAX) {
    errno = E2BIG;
    die("clip");
  }
  if (packets_used + length + 4 > packets_size) {
    packets_size = packets_size ? packets_size * 2 : 1 << 24;
    packets = realloc(packets, packets_size);
    if (!packets) die("memory");
  }
  unsigned char *out = (unsigned char *)packets + packets_used;
  packet_at[packet_count++] = packets_used;
  packets_used += length + 4;
  packet_at[packet_count] = packets_used;
  uint32_t ssrc = htonl(SSRC);
  *out++ = '$';
  *out++ = 0;
  *out++ = (unsigned char)(length >> 8);
  *out++ = (unsigned char)length;
  memset(out, 0, 12);
  out[0] = 0x80;
  out[1] = (unsigned char)(96 | (marker ? 0x80 : 0));
  memcpy(out + 8, &ssrc, 4);
  memcpy(out + 12, prefix, prefix_bytes);
  memcpy(out + 12 + prefix_bytes, bytes, n);
}

static void nal(const unsigned char *bytes, size_t n, int last) {
  if (n <= PAYLOAD_BYTES) {
    packet(NULL, 0, bytes, n, last);
    return;
  }
  unsigned char header = bytes[0];
  for (size_t at = 1; at < n; at += PAYLOAD_BYTES - 2) {
    size_t part = n - at < PAYLOAD_BYTES - 2 ? n - at : PAYLOAD_BYTES - 2;
    int end = at + part == n;
    unsigned char fu[2] = {(header & 0xe0) | 28, (header & 0x1f) | (at == 1 ? 0x80 : 0) | (end ? 0x40 : 0)};
    packet(fu, 2, bytes + at, part, last && end);
  }
}

static void begin_frame(void) {
  if (frame_count == FRAMES_MAX) {
    errno = E2BIG;
    die("clip");
  }
  frames[frame_count].first = packet_count;
  frames[frame_count].begin = packets_used;
  // SEI of type 5, 16 + 10 bytes; digits need no emulation prevention.
  unsigned char sei[2 + 1 + 16 + DIGITS + 1] = {6, 5, 16 + DIGITS};
  memcpy(sei + 3, "nxvms-bench-clip", 16);
  memset(sei + 19, '0', DIGITS);
  sei[sizeof sei - 1] = 0x80;
  frames[frame_count].number = packets_used + 4 + 12 + 19;
  nal(sei, sizeof sei, 0);
}

static void end_frame(void) {
  frames[frame_count].count = packet_count - frames[frame_count].first;
  frames[frame_count].end = packets_used;
  frame_count++;
}

static size_t start_code(const unsigned char *bytes, size_t at, size_t size) {
  for (; at + 3 <= size; at++) {
    if (bytes[at] == 0 && bytes[at + 1] == 0 && bytes[at + 2] == 1) return at;
  }
  return size;
}

static void read_clip(const char *name) {
  int file = open(name, O_RDONLY);
  struct stat facts;
  if (file < 0 || fstat(file, &facts) < 0) die(name);
  size_t size = (size_t)facts.st_size;
  unsigned char *bytes = malloc(size);
  for (size_t at = 0; at < size;) {
    ssize_t got = read(file, bytes + at, size - at);
    if (got <= 0) die(name);
    at += (size_t)got;
  }
  close(file);
  for (size_t at = start_code(bytes, 0, size); at < size;) {
    size_t begin = at + 3;
    at = start_code(bytes, begin, size);
    size_t end = at;
    while (end > begin && bytes[end - 1] == 0) end--;
    int type = bytes[begin] & 0x1f;
    if (type == 7) {
      base64(bytes + begin, end - begin, sps64);
      snprintf(profile, sizeof profile, "%02X%02X%02X", bytes[begin + 1], bytes[begin + 2], bytes[begin + 3]);
    } else if (type == 8) {
      base64(bytes + begin, end - begin, pps64);
    } else if (type == 1 || type == 5) {
      if (!(bytes[begin + 1] & 0x80)) {
        errno = EINVAL;
        die("the clip must have one slice per picture");
      }
      begin_frame();
      nal(bytes + begin, end - begin, 1);
      end_frame();
    }
  }
  free(bytes);
  frame_count -= frame_count % GOP_FRAMES;
  if (frame_count == 0 || !sps64[0] || !pps64[0]) {
    errno = EINVAL;
    die("no whole GOP in the clip");
  }
}

// ---- RTSP ----------------------------------------------------------------------------------------------------

static void answer(struct session *session, const char *cseq, const char *headers, const char *body) {
  static char text[4096];
  int n = snprintf(text, sizeof text, "RTSP/1.0 200 OK\r\nCSeq: %s\r\n%s\r\n%s", cseq, headers, body);
  if (session->backlog_used == session->backlog_sent) {
    if (write(session->socket, text, (size_t)n) == n) return;
    session->playing = -1;
  } else if (session->backlog_used + (size_t)n <= BACKLOG_BYTES) {
    memcpy(session->backlog + session->backlog_used, text, (size_t)n);
    session->backlog_used += (size_t)n;
  }
}

static void header(const char *text, const char *name, char *value, size_t size) {
  const char *at = strcasestr(text, name);
  value[0] = 0;
  if (!at) return;
  at += strlen(name);
  while (*at == ' ') at++;
  size_t n = strcspn(at, "\r\n");
  if (n >= size) n = size - 1;
  memcpy(value, at, n);
  value[n] = 0;
}

static void respond(struct session *session, const char *request) {
  char cseq[20], transport[200], headers[1000], body[1400];
  header(request, "\nCSeq:", cseq, sizeof cseq);
  if (strncmp(request, "DESCRIBE", 8) == 0) {
    char url[400] = "";
    sscanf(request, "DESCRIBE %399s", url);
    snprintf(body, sizeof body,
             "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=bench\r\nt=0 0\r\na=control:*\r\na=range:npt=0-\r\n"
             "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=framerate:25\r\n"
             "a=fmtp:96 packetization-mode=1;profile-level-id=%s;sprop-parameter-sets=%s,%s\r\na=control:track0\r\n",
             profile, sps64, pps64);
    snprintf(headers, sizeof headers, "Content-Base: %s/\r\nContent-Type: application/sdp\r\nContent-Length: %zu\r\n",
             url, strlen(body));
    answer(session, cseq, headers, body);
  } else if (strncmp(request, "SETUP", 5) == 0) {
    header(request, "\nTransport:", transport, sizeof transport);
    answer(session, cseq,
           "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 4711;timeout=60\r\n", "");
  } else if (strncmp(request, "PLAY", 4) == 0) {
    answer(session, cseq, "Session: 4711\r\nRange: npt=0.000-\r\n", "");
    int64_t now = now_ns();
    int n = sessions_ever++;
    // Golden-ratio steps: evenly spread for any number of sessions.
    double step = n * 0.6180339887498949;
    session->due_ns = now + (int64_t)((step - (int64_t)step) * (double)spread_ns);
    session->playing = 1;
  } else if (strncmp(request, "TEARDOWN", 8) == 0) {
    answer(session, cseq, "Session: 4711\r\n", "");
    session->playing = -1;
  } else {
    answer(session, cseq, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\n", "");
  }
}

// Requests end with an empty line (none has a body here); interleaved receiver reports are skipped.
static void hear(struct session *session) {
  for (;;) {
    ssize_t got = read(session->socket, session->request + session->request_used,
                       REQUEST_BYTES - 1 - session->request_used);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) session->playing = -1;
    if (got <= 0) return;
    session->request_used += (size_t)got;
    session->request[session->request_used] = 0;
    size_t at = 0;
    while (at < session->request_used) {
      char *begin = session->request + at;
      size_t left = session->request_used - at, size;
      if (*begin == '$') {
        if (left < 4) break;
        size = 4 + ((size_t)(unsigned char)begin[2] << 8 | (unsigned char)begin[3]);
        if (left < size) break;
      } else {
        char *end = memmem(begin, left, "\r\n\r\n", 4);
        if (!end) break;
        size = (size_t)(end + 4 - begin);
        end[2] = 0;
        respond(session, begin);
      }
      at += size;
    }
    memmove(session->request, session->request + at, session->request_used - at);
    session->request_used -= at;
    if (session->request_used == REQUEST_BYTES - 1) session->playing = -1;
  }
}

// ---- sending -------------------------------------------------------------------------------------------------

static void patch(struct session *session, struct frame *frame) {
  uint32_t timestamp = htonl((uint32_t)(session->frame * TICKS_PER_FRAME));
  for (int i = 0; i < frame->count; i++) {
    char *rtp = packets + packet_at[frame->first + i] + 4;
    uint16_t sequence = htons((uint16_t)(session->sequence + i));
    memcpy(rtp + 2, &sequence, 2);
    memcpy(rtp + 4, &timestamp, 4);
  }
  uint64_t number = session->frame;
  for (int i = DIGITS - 1; i >= 0; i--, number /= 10) packets[frame->number + (size_t)i] = (char)('0' + number % 10);
}

static void flush(struct session *session) {
  while (session->backlog_sent < session->backlog_used) {
    ssize_t sent = write(session->socket, session->backlog + session->backlog_sent,
                         session->backlog_used - session->backlog_sent);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EINTR) session->playing = -1;
      return;
    }
    session->backlog_sent += (size_t)sent;
  }
  session->backlog_sent = session->backlog_used = 0;
}

static void hand_over(struct session *session, const char *bytes, size_t n) {
  size_t sent = 0;
  if (session->backlog_used == session->backlog_sent) {
    ssize_t got = write(session->socket, bytes, n);
    if (got < 0 && errno != EAGAIN && errno != EINTR) {
      session->playing = -1;
      return;
    }
    sent = got > 0 ? (size_t)got : 0;
  }
  if (sent < n) {
    if (!session->backlog) session->backlog = malloc(BACKLOG_BYTES);
    if (session->backlog_sent > 0) {
      memmove(session->backlog, session->backlog + session->backlog_sent, session->backlog_used - session->backlog_sent);
      session->backlog_used -= session->backlog_sent;
      session->backlog_sent = 0;
    }
    memcpy(session->backlog + session->backlog_used, bytes + sent, n - sent);
    session->backlog_used += n - sent;
    if (session->backlog_used > backlog_most) backlog_most = session->backlog_used;
  }
}

// Sends what is due. The clip's bytes are shared: they are patched anew for each session and part.
static void play(struct session *session, int64_t now) {
  struct frame *frame = &frames[session->frame % (uint64_t)frame_count];
  if (session->backlog_used > session->backlog_sent) {
    flush(session);
    if (session->playing < 0) return;
  }
  if (session->part == 0 && session->backlog_used - session->backlog_sent + (frame->end - frame->begin) > BACKLOG_BYTES) {
    dropped_frames++;
  } else {
    int count = frame->count - session->part;
    if (pace > 0 && count > pace) count = pace;
    patch(session, frame);
    size_t from = packet_at[frame->first + session->part];
    hand_over(session, packets + from, packet_at[frame->first + session->part + count] - from);
    session->part += count;
    if (session->part < frame->count) {
      // The next part a millisecond later; the frame's own time stays the measure.
      return;
    }
    sent_frames++;
  }
  session->sequence = (uint16_t)(session->sequence + frame->count);
  session->part = 0;
  session->frame++;
  session->due_ns += FRAME_NS;
  (void)now;
}

static void end_session(int index) {
  struct session *session = sessions[index];
  close(session->socket);
  free(session->backlog);
  free(session);
  sessions[index] = sessions[--session_count];
}

static void welcome(int listener, int poll_fd) {
  int socket_fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (socket_fd < 0) return;
  if (session_count == SESSIONS_MAX) {
    close(socket_fd);
    return;
  }
  int one = 1;
  setsockopt(socket_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct session *session = calloc(1, sizeof *session);
  session->socket = socket_fd;
  sessions[session_count++] = session;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = session};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, socket_fd, &event);
}

int main(int argc, char **argv) {
  if (argc < 4 || argc > 5 || atoi(argv[1]) < 1 || atoi(argv[3]) < 0 || (argc == 5 && atoi(argv[4]) < 0)) {
    fprintf(stderr, "usage: cameras PORT CLIP.h264 PACKETS_PER_MS [SPREAD_MS]\n");
    return 2;
  }
  pace = atoi(argv[3]);
  if (argc == 5) spread_ns = atoi(argv[4]) * 1000000LL;
  read_clip(argv[2]);
  signal(SIGTERM, stop);
  signal(SIGINT, stop);
  signal(SIGPIPE, SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1024) < 0) die(argv[1]);
  int poll_fd = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &event);
  printf("READY %d frames, %zu bytes, %d packets\n", frame_count, packets_used, packet_count);
  fflush(stdout);
  struct epoll_event events[256];
  while (!stopping) {
    nanosleep(&(struct timespec){.tv_nsec = 1000 * 1000}, NULL);
    int ready = epoll_wait(poll_fd, events, 256, 0);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.ptr) {
        hear(events[i].data.ptr);
      } else {
        welcome(listener, poll_fd);
      }
    }
    int64_t now = now_ns();
    for (int i = session_count - 1; i >= 0; i--) {
      if (sessions[i]->playing == 1 && sessions[i]->due_ns <= now) play(sessions[i], now);
      if (sessions[i]->playing < 0) end_session(i);
    }
  }
  printf("sent %llu dropped %llu sessions %d backlog %zu\n", (unsigned long long)sent_frames,
         (unsigned long long)dropped_frames, sessions_ever, backlog_most);
  return 0;
}
