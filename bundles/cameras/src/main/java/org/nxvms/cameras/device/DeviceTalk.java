// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraTalk;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;

/** Hands sound to a device as fast as that takes it, and says to the event bus that somebody talks. */
final class DeviceTalk extends Errand implements CameraTalk {
    /** Half a second of usual frames: more would be heard too late. */
    private static final int FRAMES_MAX = 25;

    private static final int PATIENCE_MS = 200;
    /** Who says nothing for so long has gone. */
    private static final int QUIET_MS_MAX = 60_000;

    private static final int LOOK_MS = 1_000;
    private static final int SAY_AGAIN_MS = 20_000;
    private static final int HOLD_SECONDS = 60;

    private final AudioOut.Format format;
    private final String by;
    private final Supplier<EventPublisher> publisher;
    private final BlockingQueue<byte[]> frames = new ArrayBlockingQueue<>(FRAMES_MAX);
    private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
    private volatile Optional<DriverException> end = Optional.empty();

    /** @param publisher answers null while it is away */
    DeviceTalk(UUID camera, Reach.Way way, AudioOut.Format format, String by, Supplier<EventPublisher> publisher) {
        super(camera, way);
        this.format = format;
        this.by = by;
        this.publisher = publisher;
    }

    @Override
    void carryOut(CameraSession session) throws DriverException, InterruptedException {
        AudioOut speaker = session.capability(AudioOut.class)
                .orElseThrow(
                        () -> new DriverException(Kind.UNSUPPORTED, "The camera, or its driver, has no loudspeaker."));
        if (!speaker.formats().contains(format)) {
            throw new DriverException(
                    Kind.UNSUPPORTED, "The camera does not take sound of this kind; ask which formats it takes.");
        }
        AudioOut.Talk talk = speaker.talk(format);
        try {
            outside();
            begun.complete(true);
            long sinceUs = System.currentTimeMillis() * 1_000;
            try {
                play(talk, sinceUs);
            } finally {
                silence();
            }
        } finally {
            Thread.interrupted();
            within();
            talk.close();
        }
    }

    private void play(AudioOut.Talk talk, long sinceUs) throws DriverException, InterruptedException {
        long begunNs = System.nanoTime();
        long heardNs = begunNs;
        SoundPace pace = new SoundPace(format, begunNs);
        long saidNs = begunNs - TimeUnit.MILLISECONDS.toNanos(SAY_AGAIN_MS);
        while (!isStopped()) {
            if (elapsedMs(saidNs) >= SAY_AGAIN_MS) {
                saidNs = System.nanoTime();
                say(sinceUs);
            }
            byte[] frame = frames.poll(LOOK_MS, TimeUnit.MILLISECONDS);
            if (frame != null) {
                TimeUnit.NANOSECONDS.sleep(pace.waitNs(System.nanoTime()));
                heardNs = System.nanoTime();
                within();
                talk.send(ByteBuffer.wrap(frame));
                outside();
                pace.sent(frame, heardNs);
            }
            if (elapsedMs(heardNs) > QUIET_MS_MAX || elapsedMs(begunNs) > CameraControl.TALK_MS_MAX) {
                throw new DriverException(
                        Kind.CLOSED,
                        "The talk was ended: nothing was said for a minute, or it has lasted for ten. Begin anew.");
            }
        }
    }

    private static long elapsedMs(long sinceNs) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
    }

    private void say(long sinceUs) {
        EventPublisher bus = publisher.get();
        if (bus != null) {
            bus.hold(
                    EventFact.of(
                            EventSource.camera(camera(), ""),
                            EventKinds.CAMERA_TALK,
                            EventSeverity.INFO,
                            "",
                            EventAttributes.of(Map.of("user", by))),
                    sinceUs,
                    HOLD_SECONDS);
        }
    }

    private void silence() {
        EventPublisher bus = publisher.get();
        if (bus != null) {
            bus.end(EventSource.camera(camera(), ""), EventKinds.CAMERA_TALK, System.currentTimeMillis() * 1_000);
        }
    }

    @Override
    void over(Optional<DriverException> failure) {
        DriverException why = failure.orElseGet(() -> new DriverException(Kind.CLOSED, "The talk was ended."));
        end = Optional.of(why);
        begun.completeExceptionally(why);
    }

    /** {@return completed once the device has agreed, or with why it has not} */
    CompletableFuture<Boolean> begun() {
        return begun;
    }

    String by() {
        return by;
    }

    @Override
    public boolean play(byte[] frame) throws DriverException, InterruptedException {
        if (frame.length == 0 || frame.length > AudioOut.FRAME_BYTES_MAX) {
            throw new IllegalArgumentException("a frame has 1.." + AudioOut.FRAME_BYTES_MAX + " bytes");
        }
        if (isStopped()) {
            throw new DriverException(Kind.CLOSED, "The talk was ended.");
        }
        if (end.isPresent()) {
            throw end.get();
        }
        return frames.offer(frame, PATIENCE_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public Optional<DriverException> over() {
        return end;
    }

    @Override
    public void close() {
        stop();
    }
}
