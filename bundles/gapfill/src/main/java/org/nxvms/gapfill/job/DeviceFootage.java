// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.EdgeRecordings.Recording;
import org.nxvms.gapfill.footage.RecordingFile;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.camera.EdgeMedia;

/** What a camera has recorded itself, by its driver. Blocks while the camera answers. */
final class DeviceFootage {
    private static final String MP4 = "video/mp4";
    /** One fetch a camera at a time; one that was closed ends when the camera has answered. */
    private static final long BUSY_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(CameraControl.CALL_MS_MAX);

    private static final long LOOK_MS = 100;
    /** No camera records more of a second; whoever sends more would have all others wait. */
    private static final long SECOND_BYTES_MAX = 25_000_000;
    /** Of the group of pictures before, and of what is sent behind. */
    private static final long BESIDE_BYTES_MAX = 1L << 30;

    private final CameraControl control;
    private final UUID camera;
    private final LongSupplier bytesPerSecond;
    private final LongSupplier nowUs;

    DeviceFootage(CameraControl control, UUID camera, LongSupplier bytesPerSecond, LongSupplier nowUs) {
        this.control = control;
        this.camera = camera;
        this.bytesPerSecond = bytesPerSecond;
        this.nowUs = nowUs;
    }

    /** How the camera's clock differs from the server's, and by how much that may be wrong. */
    record Offset(long us, long doubtUs) {}

    /** A camera tells whole seconds; one that does not tell its time has the server's, or is not found. */
    private static final long TOLD_DOUBT_US = 2_000_000;

    private static final long UNTOLD_DOUBT_US = 5_000_000;

    /** What is read of it. */
    @FunctionalInterface
    interface Reader<R> {
        R read(RecordingFile file) throws IOException, Mp4Exception, FillFailedException;
    }

    Offset offset() throws FillFailedException {
        return asked(() -> {
            try {
                // Asked twice: what the session's beginning takes is no part of the answer's way.
                control.ask(camera, DeviceClock.class, DeviceClock::now);
                long askedUs = nowUs.getAsLong();
                Instant device = control.ask(camera, DeviceClock.class, DeviceClock::now);
                long halfwayUs = askedUs + (nowUs.getAsLong() - askedUs) / 2;
                return new Offset(us(device) - halfwayUs, TOLD_DOUBT_US);
            } catch (DriverException untold) {
                if (untold.kind() == DriverException.Kind.UNSUPPORTED) {
                    return new Offset(0, UNTOLD_DOUBT_US);
                }
                throw untold;
            }
        });
    }

    /** {@return what overlaps a range by the camera's clock, by time} */
    List<Recording> recordings(long fromUs, long toUs) throws FillFailedException {
        return asked(() -> List.copyOf(
                control.ask(camera, EdgeRecordings.class, edge -> edge.recordings(instant(fromUs), instant(toUs)))));
    }

    /** Reads a part of a recording, from the key frame at or before its beginning; {@return empty when there is nothing of it} */
    <R> Optional<R> read(Recording recording, long fromUs, long toUs, Reader<R> reader) throws FillFailedException {
        Optional<EdgeMedia> found = asked(() -> fetch(recording, fromUs, toUs));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (EdgeMedia media = found.get()) {
            if (!media.mediaType().equals(MP4)) {
                throw new FillFailedException(
                        "The camera gives its recordings as " + media.mediaType()
                                + ", whose pictures do not say when they were taken.",
                        false);
            }
            long most = BESIDE_BYTES_MAX + (toUs - fromUs) / 1_000_000 * SECOND_BYTES_MAX;
            return Optional.of(reader.read(new RecordingFile(new PacedInput(media.bytes(), bytesPerSecond, most))));
        } catch (PacedInput.TooLong endless) {
            throw new FillFailedException("The camera's recording has no end: " + endless.getMessage(), false, endless);
        } catch (Mp4Exception unreadable) {
            throw new FillFailedException(
                    "The camera's recording cannot be read: " + unreadable.getMessage(), false, unreadable);
        } catch (IOException brokeOff) {
            throw new FillFailedException("The camera's recording broke off: " + brokeOff.getMessage(), true, brokeOff);
        }
    }

    private Optional<EdgeMedia> fetch(Recording recording, long fromUs, long toUs)
            throws DriverException, DriverMissingException {
        long beganNanos = System.nanoTime();
        while (true) {
            try {
                return Optional.of(control.fetch(camera, recording.id(), instant(fromUs), instant(toUs)));
            } catch (DriverException refused) {
                if (refused.kind() == DriverException.Kind.NOT_FOUND) {
                    return Optional.empty();
                }
                // The fetch before this one was closed, and ends a moment later.
                if (refused.kind() != DriverException.Kind.BUSY || System.nanoTime() - beganNanos > BUSY_NANOS_MAX) {
                    throw refused;
                }
            }
            pause();
        }
    }

    private static void pause() throws DriverException {
        try {
            Thread.sleep(LOOK_MS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(DriverException.Kind.CLOSED, "Filling is ended.", stop);
        }
    }

    @FunctionalInterface
    private interface Question<R> {
        R ask() throws DriverException, DriverMissingException;
    }

    private static <R> R asked(Question<R> question) throws FillFailedException {
        try {
            return question.ask();
        } catch (DriverException failed) {
            boolean passing =
                    switch (failed.kind()) {
                        case UNREACHABLE, BUSY, CLOSED -> true;
                        default -> false;
                    };
            throw new FillFailedException(failed.getMessage(), passing, failed);
        } catch (DriverMissingException | StoreException notNow) {
            throw new FillFailedException(notNow.getMessage(), true, notNow);
        } catch (NoSuchResourceException removed) {
            throw new FillFailedException("The camera is not there any more.", false, removed);
        }
    }

    static Instant instant(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
    }

    static long us(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }
}
