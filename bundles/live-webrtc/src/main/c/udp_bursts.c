// SPDX-License-Identifier: Apache-2.0
// Hands the kernel several datagrams for one peer in one call, which passes them through the network's layers as one and cuts them
// at the end (UDP_SEGMENT, udp(7), Linux 4.18). What Java cannot say is the length to cut at. Knows a socket by the address it is
// bound to, and uses a descriptor of its own for it, so that it never meets another file under the number of one that was closed.
// Keeps no state, allocates nothing, never waits. Bounds and who may call when are the business of UdpBursts.java.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef SOL_UDP
#define SOL_UDP 17
#endif

// As in UdpBursts.java.
enum { SENT = 1, NO_ROOM = 0, ONE_BY_ONE = -1, NEVER = -2, NONE = -1 };
enum { BYTES_MAX = 48000 };

static socklen_t socket_address(JNIEnv *env, jbyteArray address, jint port, struct sockaddr_storage *to) {
    jsize bytes = (*env)->GetArrayLength(env, address);
    memset(to, 0, sizeof *to);
    if (bytes == 4) {
        struct sockaddr_in *four = (struct sockaddr_in *)to;
        four->sin_family = AF_INET;
        four->sin_port = htons((unsigned short)port);
        (*env)->GetByteArrayRegion(env, address, 0, 4, (jbyte *)&four->sin_addr);
        return sizeof *four;
    }
    if (bytes == 16) {
        struct sockaddr_in6 *six = (struct sockaddr_in6 *)to;
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((unsigned short)port);
        (*env)->GetByteArrayRegion(env, address, 0, 16, (jbyte *)&six->sin6_addr);
        return sizeof *six;
    }
    return 0;
}

static int same(const struct sockaddr_storage *one, const struct sockaddr_storage *other) {
    if (one->ss_family != other->ss_family) return 0;
    if (one->ss_family == AF_INET) {
        const struct sockaddr_in *a = (const struct sockaddr_in *)one, *b = (const struct sockaddr_in *)other;
        return a->sin_port == b->sin_port && a->sin_addr.s_addr == b->sin_addr.s_addr;
    }
    const struct sockaddr_in6 *a = (const struct sockaddr_in6 *)one, *b = (const struct sockaddr_in6 *)other;
    return a->sin6_port == b->sin6_port && memcmp(&a->sin6_addr, &b->sin6_addr, sizeof a->sin6_addr) == 0;
}

static int is_bound(int descriptor, const struct sockaddr_storage *address) {
    struct sockaddr_storage its;
    socklen_t length = sizeof its;
    int type = 0;
    socklen_t type_length = sizeof type;
    return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &type_length) == 0 && type == SOCK_DGRAM
        && getsockname(descriptor, (struct sockaddr *)&its, &length) == 0 && same(&its, address);
}

JNIEXPORT jint JNICALL Java_org_nxvms_live_webrtc_UdpBursts_open(JNIEnv *env, jclass type, jbyteArray address, jint port) {
    (void)type;
    struct sockaddr_storage bound;
    if (socket_address(env, address, port, &bound) == 0) return NONE;
    DIR *all = opendir("/proc/self/fd");
    if (all == NULL) return NONE;
    int own = NONE;
    for (struct dirent *entry; own == NONE && (entry = readdir(all)) != NULL;) {
        int descriptor = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && is_bound(descriptor, &bound)) own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    }
    closedir(all);
    int segment = 0;
    socklen_t length = sizeof segment;
    if (own >= 0 && getsockopt(own, SOL_UDP, UDP_SEGMENT, &segment, &length) != 0) {
        close(own);
        own = NONE;
    }
    return own;
}

JNIEXPORT void JNICALL Java_org_nxvms_live_webrtc_UdpBursts_close(JNIEnv *env, jclass type, jint own) {
    (void)env;
    (void)type;
    close(own);
}

JNIEXPORT jint JNICALL Java_org_nxvms_live_webrtc_UdpBursts_send(
    JNIEnv *env, jclass type, jint own, jbyteArray datagrams, jint bytes, jint each, jbyteArray address, jint port) {
    (void)type;
    struct sockaddr_storage peer;
    char room[BYTES_MAX];
    socklen_t length = socket_address(env, address, port, &peer);
    if (length == 0 || bytes < 1 || bytes > BYTES_MAX || bytes > (*env)->GetArrayLength(env, datagrams) || each < 1) {
        return ONE_BY_ONE;
    }
    (*env)->GetByteArrayRegion(env, datagrams, 0, bytes, (jbyte *)room);
    struct iovec part = {.iov_base = room, .iov_len = (size_t)bytes};
    union {
        char bytes[CMSG_SPACE(sizeof(unsigned short))];
        struct cmsghdr aligned;
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {
        .msg_name = &peer,
        .msg_namelen = length,
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes};
    struct cmsghdr *cut = CMSG_FIRSTHDR(&message);
    cut->cmsg_level = SOL_UDP;
    cut->cmsg_type = UDP_SEGMENT;
    cut->cmsg_len = CMSG_LEN(sizeof(unsigned short));
    unsigned short segment = (unsigned short)each;
    memcpy(CMSG_DATA(cut), &segment, sizeof segment);
    ssize_t sent;
    do {
        sent = sendmsg(own, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) return SENT;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return NO_ROOM;
    // A network card or a kernel that cannot; all else (a way with a smaller MTU, a peer that refuses) is the peer's.
    return errno == EIO || errno == EOPNOTSUPP || errno == ENOPROTOOPT ? NEVER : ONE_BY_ONE;
}
