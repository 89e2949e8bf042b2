// SPDX-License-Identifier: Apache-2.0
// A camera at /dev/video42 for one process, by LD_PRELOAD: what Video4Linux promises (kernel.org, uAPI "video for Linux") as far as
// FFmpeg asks for it, since build machines have no camera.
//
// Does: offers Motion JPEG, gives the images of a file in turn, 25 a second, in buffers that are mapped. Does not: touch any other
// file or device.
//   NXVMS_VIDEO        the images: each behind its length (4 bytes, the machine's own order)
//   NXVMS_VIDEO_GONE   a file; once it is there the camera is unplugged
// Build: cc -shared -fPIC -O2 -o video.so video.c -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DEVICE "/dev/video42"
#define BUFFERS 4
#define BUFFER_BYTES (256 << 10)
#define FRAME_NS 40000000L

static int camera = -1; // its descriptor is that of the memory it shows
static int images = -1;
static int queued[BUFFERS];
static int queued_count;
static uint32_t sequence;
static struct timespec due;

static int gone(void) {
    const char *sign = getenv("NXVMS_VIDEO_GONE");
    return sign && access(sign, F_OK) == 0;
}

static int open_camera(void) {
    if (gone() || !getenv("NXVMS_VIDEO")) {
        errno = ENOENT;
        return -1;
    }
    if (camera >= 0) {
        errno = EBUSY;
        return -1;
    }
    images = (int)syscall(SYS_openat, AT_FDCWD, getenv("NXVMS_VIDEO"), O_RDONLY | O_CLOEXEC);
    camera = memfd_create("video", MFD_CLOEXEC);
    if (images < 0 || camera < 0 || ftruncate(camera, (off_t)BUFFERS * BUFFER_BYTES) != 0) {
        return -1;
    }
    queued_count = 0;
    sequence = 0;
    clock_gettime(CLOCK_MONOTONIC, &due);
    return camera;
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        static int (*real)(const char *, int, ...);                                                                    \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        int mode = va_arg(more, int);                                                                                  \
        va_end(more);                                                                                                  \
        if (strcmp(path, DEVICE) == 0) {                                                                               \
            return open_camera();                                                                                      \
        }                                                                                                              \
        if (!real) {                                                                                                   \
            real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name);                                           \
        }                                                                                                              \
        return real(path, flags, mode);                                                                                \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    static int (*real)(int);
    if (!real) {
        real = (int (*)(int))dlsym(RTLD_NEXT, "close");
    }
    if (fd >= 0 && fd == camera) {
        camera = -1;
        real(images);
    }
    return real(fd);
}

static void describe(struct v4l2_buffer *buffer) {
    buffer->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer->memory = V4L2_MEMORY_MMAP;
    buffer->length = BUFFER_BYTES;
    buffer->m.offset = buffer->index * BUFFER_BYTES;
    buffer->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
}

static int next_image(char *into, uint32_t *length) {
    if (read(images, length, 4) != 4) {
        lseek(images, 0, SEEK_SET);
        if (read(images, length, 4) != 4) {
            return -1;
        }
    }
    return *length <= BUFFER_BYTES && read(images, into, *length) == (ssize_t)*length ? 0 : -1;
}

static int dequeue(struct v4l2_buffer *buffer) {
    static char image[BUFFER_BYTES];
    due.tv_nsec += FRAME_NS;
    if (due.tv_nsec >= 1000000000L) {
        due.tv_nsec -= 1000000000L;
        due.tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    if (gone()) {
        errno = ENODEV;
        return -1;
    }
    if (queued_count == 0 || next_image(image, &buffer->bytesused) != 0) {
        errno = EIO;
        return -1;
    }
    buffer->index = queued[0];
    memmove(queued, queued + 1, sizeof(int) * --queued_count);
    describe(buffer);
    buffer->sequence = sequence++;
    buffer->timestamp.tv_sec = due.tv_sec;
    buffer->timestamp.tv_usec = due.tv_nsec / 1000;
    return pwrite(camera, image, buffer->bytesused, buffer->m.offset) == (ssize_t)buffer->bytesused ? 0 : -1;
}

static int asked(unsigned long request, void *argument) {
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *can = argument;
        memset(can, 0, sizeof *can);
        strcpy((char *)can->driver, "test");
        can->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        return 0;
    }
    case VIDIOC_G_INPUT:
    case VIDIOC_S_INPUT:
        *(int *)argument = 0;
        return 0;
    case VIDIOC_ENUMINPUT: {
        struct v4l2_input *input = argument;
        if (input->index != 0) {
            break;
        }
        memset(input, 0, sizeof *input);
        input->type = V4L2_INPUT_TYPE_CAMERA;
        return 0;
    }
    case VIDIOC_G_FMT:
    case VIDIOC_S_FMT: {
        struct v4l2_format *format = argument;
        // A driver takes what is nearest: the only thing it has.
        format->fmt.pix.width = 160;
        format->fmt.pix.height = 120;
        format->fmt.pix.pixelformat = V4L2_PIX_FMT_MJPEG;
        format->fmt.pix.field = V4L2_FIELD_NONE;
        format->fmt.pix.bytesperline = 0;
        format->fmt.pix.sizeimage = BUFFER_BYTES;
        return 0;
    }
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: {
        struct v4l2_streamparm *parameters = argument;
        parameters->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
        parameters->parm.capture.timeperframe.numerator = 1;
        parameters->parm.capture.timeperframe.denominator = 25;
        return 0;
    }
    case VIDIOC_REQBUFS:
        ((struct v4l2_requestbuffers *)argument)->count = BUFFERS;
        return 0;
    case VIDIOC_QUERYBUF:
        describe(argument);
        return 0;
    case VIDIOC_QBUF:
        if (queued_count == BUFFERS) {
            break;
        }
        queued[queued_count++] = (int)((struct v4l2_buffer *)argument)->index;
        return 0;
    case VIDIOC_STREAMON:
    case VIDIOC_STREAMOFF:
        return 0;
    case VIDIOC_DQBUF:
        return dequeue(argument);
    default:
        break;
    }
    errno = EINVAL;
    return -1;
}

int ioctl(int fd, unsigned long request, ...) {
    static int (*real)(int, unsigned long, ...);
    va_list more;
    va_start(more, request);
    void *argument = va_arg(more, void *);
    va_end(more);
    if (fd >= 0 && fd == camera) {
        // FFmpeg hands the request on as an int.
        return asked(request & 0xFFFFFFFFUL, argument);
    }
    if (!real) {
        real = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
    }
    return real(fd, request, argument);
}
