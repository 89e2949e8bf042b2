// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.EdgeMedia;

/** A camera that records itself, by a clock of its own. */
final class FakeCamera {
    /** A year ahead, and 100 ppm too fast. */
    private static final long AHEAD_US = 31_536_000_000_000L + 137_000;

    private static final double FAST = 100e-6;

    /** From which picture on to which it has recorded. */
    final List<int[]> recorded = new ArrayList<>();
    /** Which of these are of another lens; its pictures have numbers of their own. */
    final Set<Integer> ofOtherLens = new HashSet<>();

    static final int OTHER_LENS = 100_000;
    /** The clock was set by so much when this picture was taken. */
    volatile int setAt = Integer.MAX_VALUE;

    volatile long setByUs;
    /** It has recorded sound, too. */
    volatile boolean sound;
    /** It records in another quality than it sends. */
    volatile boolean recordsAnew;
    /** After so many pictures of one fetch the connection breaks. */
    volatile int breaksAfter = Integer.MAX_VALUE;

    /** From this picture on, a key frame, a fetch that goes beyond it waits until somebody lets it go on. */
    volatile int heldFrom = Integer.MAX_VALUE;

    final CountDownLatch goesOn = new CountDownLatch(1);
    volatile boolean unreachable;
    /** What each call of it does first. */
    volatile Runnable onCall = () -> {};

    final AtomicInteger fetches = new AtomicInteger();
    /** So often it refuses a fetch, since one that was closed has not ended. */
    final AtomicInteger busy = new AtomicInteger();

    /** {@return when a picture was taken by the camera's clock} */
    long deviceUs(int number) {
        return deviceUs(number * Pictures.EACH_US) + (number >= setAt ? setByUs : 0);
    }

    private static long deviceUs(long since) {
        return Pictures.T0 + AHEAD_US + since + Math.round(since * FAST);
    }

    CameraControl control(int now) {
        return (CameraControl) Proxy.newProxyInstance(
                CameraControl.class.getClassLoader(),
                new Class<?>[] {CameraControl.class},
                (self, method, arguments) -> {
                    onCall.run();
                    if (unreachable) {
                        throw new DriverException(DriverException.Kind.UNREACHABLE, "The camera does not answer.");
                    }
                    if (method.getName().equals("fetch")) {
                        return fetch((String) arguments[1], (Instant) arguments[2], (Instant) arguments[3]);
                    }
                    return answer((Class<?>) arguments[1], (CameraControl.Question<?, ?>) arguments[2], now);
                });
    }

    @SuppressWarnings("unchecked")
    private Object answer(Class<?> capability, CameraControl.Question<?, ?> question, int now) throws DriverException {
        if (capability == DeviceClock.class) {
            return ((CameraControl.Question<DeviceClock, Object>) question).ask(new DeviceClock() {
                @Override
                public Instant now() {
                    // Whole seconds, as ONVIF has it.
                    return Instant.ofEpochSecond(deviceUs(now) / 1_000_000);
                }

                @Override
                public void set(Instant time) {
                    throw new UnsupportedOperationException();
                }
            });
        }
        return ((CameraControl.Question<EdgeRecordings, Object>) question).ask(new EdgeRecordings() {
            @Override
            public List<Recording> recordings(Instant from, Instant to) {
                List<Recording> all = new ArrayList<>();
                for (int i = 0; i < recorded.size(); i++) {
                    Instant begin = DeviceFootage.instant(deviceUs(recorded.get(i)[0]));
                    Instant end = DeviceFootage.instant(deviceUs(recorded.get(i)[1]));
                    if (begin.isBefore(to) && end.isAfter(from)) {
                        all.add(new Recording("r" + i, begin, Optional.of(end)));
                    }
                }
                return all;
            }

            @Override
            public Download fetch(String id, Instant from, Instant to) {
                throw new UnsupportedOperationException();
            }
        });
    }

    private EdgeMedia fetch(String id, Instant from, Instant to) throws DriverException {
        if (busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new DriverException(DriverException.Kind.BUSY, "Something is fetched from the camera already.");
        }
        fetches.incrementAndGet();
        int index = Integer.parseInt(id.substring(1));
        int[] range = recorded.get(index);
        int begin = range[0];
        for (int i = range[0]; i < range[1]; i++) {
            if (Pictures.isKey(i) && deviceUs(i) <= DeviceFootage.us(from)) {
                begin = i;
            }
        }
        int end = begin;
        while (end < range[1] && deviceUs(end) < DeviceFootage.us(to)) {
            end++;
        }
        if (begin == end || deviceUs(end - 1) < DeviceFootage.us(from)) {
            throw new DriverException(DriverException.Kind.NOT_FOUND, "The camera has nothing of that.");
        }
        boolean breaks = end - begin > breaksAfter;
        int lens = ofOtherLens.contains(index) ? OTHER_LENS : 0;
        byte[] file = file(begin, breaks ? begin + breaksAfter : end, lens);
        InputStream whole = new ByteArrayInputStream(file);
        if (begin < heldFrom && heldFrom < end) {
            int first = file(begin, heldFrom, lens).length;
            return new EdgeMedia(
                    "video/mp4",
                    new SequenceInputStream(
                            new ByteArrayInputStream(file, 0, first), held(file, first, file.length - first)));
        }
        return new EdgeMedia("video/mp4", breaks ? new SequenceInputStream(whole, broken()) : whole);
    }

    private InputStream held(byte[] file, int from, int count) {
        return new FilterInputStream(new ByteArrayInputStream(file, from, count)) {
            @Override
            public int read() throws IOException {
                await();
                return super.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                await();
                return super.read(into, offset, length);
            }

            private void await() throws IOException {
                try {
                    goesOn.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                    throw (IOException) new InterruptedIOException("filling is ended").initCause(stop);
                }
            }
        };
    }

    private static InputStream broken() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the camera went away");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("the camera went away");
            }
        };
    }

    private byte[] file(int begin, int end, int lens) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(InitSegment.build(sound ? Pictures.FORMAT_WITH_SOUND : Pictures.FORMAT));
        int sequence = 0;
        for (int at = begin; at < end; ) {
            List<Pictures.Shown> some = new ArrayList<>();
            do {
                ByteBuffer data = Pictures.data(at + lens, false);
                if (recordsAnew) {
                    data.put(data.limit() - 1, (byte) 1);
                }
                some.add(new Pictures.Shown(deviceUs(at), Pictures.isKey(at), data));
                at++;
            } while (at < end && !Pictures.isKey(at));
            long endUs = some.get(some.size() - 1).timeUs() + Pictures.EACH_US;
            List<Pictures.Spoken> spoken = sound ? spoken(at - some.size(), at) : List.of();
            for (ByteBuffer part : Pictures.fragment(++sequence, deviceUs(begin), some, spoken, endUs)) {
                out.write(part.array(), 0, part.limit());
            }
        }
        return out.toByteArray();
    }

    /** {@return the sound from one picture up to another} */
    private static List<Pictures.Spoken> spoken(int from, int to) {
        int perPicture = (int) (Pictures.EACH_US / Pictures.SOUND_EACH_US);
        return IntStream.range(from * perPicture, to * perPicture)
                .mapToObj(number -> new Pictures.Spoken(deviceUs(number * Pictures.SOUND_EACH_US), number))
                .toList();
    }
}
