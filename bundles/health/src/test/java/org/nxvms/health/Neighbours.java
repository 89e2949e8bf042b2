// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamStatistics;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.ingest.IngestLink;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.integration.Connection;
import org.nxvms.platform.api.integration.Integration;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.recording.RecordingStatus;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;

/** Services around the health bundle, each answering one question. */
public final class Neighbours {
    static final StreamId STREAM = StreamId.main(UUID.fromString("00000000-0000-4000-8000-00000000000a"));

    private Neighbours() {}

    /** A service whose methods answer by name; any other is a fault of the test. */
    public static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                Neighbours.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return switch (method.getName()) {
                            case "equals" -> proxy == arguments[0];
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> type.getSimpleName();
                        };
                    }
                    if (!answers.containsKey(method.getName())) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return answers.get(method.getName());
                }));
    }

    static Archive archive(String... volumeStatuses) {
        return answering(
                Archive.class,
                Map.of(
                        "volumes",
                        java.util.Arrays.stream(volumeStatuses)
                                .map(status -> new VolumeUsage(
                                        new UUID(0, 1), "main", "file", "/data", status, "", 100, 50, 10, 40, -1))
                                .toList()));
    }

    static CameraRegistry noCameras() {
        return answering(CameraRegistry.class, Map.of("list", List.of(), "find", Optional.empty()));
    }

    static StreamIngest ingest() {
        return answering(
                StreamIngest.class,
                Map.of(
                        "statuses",
                        List.of(new IngestStatus(
                                STREAM,
                                StreamEndpoint.rtspOverTcp(java.net.URI.create("rtsp://cam/1"), Optional.empty()),
                                IngestStatus.State.STREAMING,
                                Optional.empty(),
                                "",
                                Instant.EPOCH,
                                Optional.empty(),
                                0,
                                Optional.empty(),
                                7,
                                Optional.of(new IngestLink(
                                        StreamEndpoint.Transport.UDP, 42.5, OptionalLong.of(-1500), 1, 2000))))));
    }

    static Recorder recorder(Optional<GapCause> fault) {
        return answering(
                Recorder.class,
                Map.of(
                        "statuses",
                        List.of(new RecordingStatus(
                                STREAM,
                                fault.isEmpty(),
                                fault,
                                fault.map(cause -> "It is " + cause + ".").orElse(""),
                                Optional.of(Instant.ofEpochSecond(1_700_000_000)),
                                1_000,
                                3))));
    }

    static StreamHub hub() {
        return answering(
                StreamHub.class,
                Map.of(
                        "statistics",
                        List.of(new StreamStatistics(
                                STREAM,
                                1,
                                true,
                                1,
                                Optional.empty(),
                                2_000,
                                700,
                                14,
                                123_456,
                                0,
                                1_700_000_000_500_000L,
                                1 << 20,
                                List.of(
                                        new StreamStatistics.Reader("recorder", 0, 0, 0),
                                        new StreamStatistics.Reader("live-1", 0, 2, 20),
                                        new StreamStatistics.Reader("live-2", 0, 1, 5))))));
    }

    /** Knows the bearer tokens {@code admin} and {@code viewer}, who may not see health. */
    static final class Guard implements AccessGuard {
        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            String token = request.authorization().orElse("").replace("Bearer ", "");
            return switch (token) {
                case "admin", "viewer" -> new AuthenticatedUser(new UUID(0, 1), token, token, false);
                default -> throw new AccessDeniedException(AccessDeniedException.Kind.UNAUTHENTICATED, "Sign in.");
            };
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (user.role().equals("viewer")) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, permission + " is missing.");
            }
        }
    }

    static Integration integration() {
        Connection soc = new Connection(
                "soc",
                Connection.State.FAILING,
                "The endpoint answers 503.",
                new Connection.Figures(41, 7, 3, 12),
                Optional.empty(),
                Optional.empty());
        return new Integration() {
            @Override
            public String name() {
                return "webhook";
            }

            @Override
            public List<Connection> connections() {
                return List.of(soc);
            }
        };
    }
}
