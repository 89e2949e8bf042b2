// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;

/** Which ids name a camera, and that nothing is refused while that is not certain. */
class KnownCamerasTest {
    private static final UUID NEW = new UUID(1, 1);
    private static final UUID REMOVED = new UUID(1, 2);
    private static final UUID MISTYPED = new UUID(1, 3);

    private CameraRegistry registry =
            answering(CameraRegistry.class, id -> id.equals(NEW) ? camera() : Optional.empty());
    private Archive archive =
            answering(Archive.class, id -> id.equals(REMOVED) ? List.of(StreamId.main(REMOVED)) : List.of());
    private long nanos;
    private final KnownCameras known = new KnownCameras(() -> registry, () -> archive, () -> nanos);

    private interface Answer {
        Object to(UUID id);
    }

    private static <T> T answering(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.to((UUID) arguments[0])));
    }

    private static <T> T failing(Class<T> type) {
        Supplier<Object> failure = () -> {
            throw new StoreException("the database is not there", null);
        };
        return answering(type, id -> failure.get());
    }

    private static Optional<Camera> camera() {
        return Optional.of(new Camera(
                NEW,
                1,
                new UUID(7, 7),
                "Gate",
                "rtsp",
                URI.create("rtsp://192.0.2.1/"),
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Optional.empty(),
                Map.of(),
                RecordingSettings.DEFAULT,
                Instant.EPOCH,
                Instant.EPOCH));
    }

    @Test
    void whatIsConfiguredAndWhatHasLeftSomethingIsKnown() {
        assertThat(known.isUnknown(NEW)).isFalse();
        assertThat(known.isUnknown(REMOVED)).isFalse();
        assertThat(known.isUnknown(MISTYPED)).isTrue();
        assertThat(KnownCameras.isNotConfigured(registry, NEW)).isFalse();
        assertThat(KnownCameras.isNotConfigured(registry, REMOVED)).isTrue();
    }

    @Test
    void theArchiveIsAskedOnceAMinuteForWhatIsLeftAndEachTimeForWhatIsNot() {
        AtomicInteger looks = new AtomicInteger();
        Archive before = archive;
        archive = answering(Archive.class, id -> {
            looks.incrementAndGet();
            return before.streams(id);
        });
        for (int i = 0; i < 3; i++) {
            assertThat(known.isUnknown(REMOVED)).isFalse();
            assertThat(known.isUnknown(MISTYPED)).isTrue();
        }
        assertThat(looks).hasValue(4);
        archive = answering(Archive.class, id -> List.of());
        nanos += TimeUnit.SECONDS.toNanos(59);
        assertThat(known.isUnknown(REMOVED)).as("retention took the rest").isFalse();
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(known.isUnknown(REMOVED)).isTrue();
    }

    @Test
    void nothingIsUnknownWhileOneOfTheTwoCannotTell() {
        Archive index = archive;
        for (Archive silent : new Archive[] {null, failing(Archive.class)}) {
            archive = silent;
            assertThat(known.isUnknown(MISTYPED)).isFalse();
        }
        archive = index;
        for (CameraRegistry silent : new CameraRegistry[] {null, failing(CameraRegistry.class)}) {
            registry = silent;
            assertThat(known.isUnknown(MISTYPED)).isFalse();
            assertThat(KnownCameras.isNotConfigured(silent, MISTYPED)).isFalse();
        }
    }
}
