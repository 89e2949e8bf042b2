// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;
import org.nxvms.streamhub.StreamHubComponent;
import org.nxvms.test.kit.Awaiting;

/**
 * The real stream hub, a camera that writes pictures of any content into it, a guard that changes its mind, a clock that can be put
 * forward, the part itself.
 */
final class Stage implements AutoCloseable {
    static final UUID CAMERA = UUID.fromString("22222222-2222-2222-2222-222222222222");
    static final AuthenticatedUser USER = new AuthenticatedUser(new UUID(7, 7), "vera", "viewer", false);
    static final AuthenticatedUser OTHER = new AuthenticatedUser(new UUID(8, 8), "otto", "viewer", false);

    /** avcC of x264: Baseline 640x360. */
    private static final String CONFIGURATION =
            "0142c01effe100196742c01ed900a02ff97011000003000100000300320f162e4801000568cb83cb20";

    static final TrackFormat H264 = new TrackFormat(
            Codec.H264, 90_000, "avc1.42c01e", 640, 360, 0, 25, HexFormat.of().parseHex(CONFIGURATION));
    static final TrackFormat HEVC =
            new TrackFormat(Codec.HEVC, 90_000, "hvc1.1.6.L120", 1920, 1080, 0, 25, new byte[] {1});
    static final TrackFormat G711_A = new TrackFormat(Codec.PCM_ALAW, 8_000, "alaw", 0, 0, 1, 0, new byte[0]);
    static final TrackFormat OPUS = new TrackFormat(Codec.OPUS, 48_000, "opus", 0, 0, 2, 0, new byte[0]);
    static final TrackFormat G711 = new TrackFormat(Codec.PCM_MULAW, 8_000, "ulaw", 0, 0, 1, 0, new byte[0]);

    /** What the clock goes on at most between two looks at it: a machine that stands still for seconds lets no time pass. */
    private static final long STEP_NS_MAX = 50_000_000;

    final StreamHub hub = hub();
    final Guard guard = new Guard();
    final LiveWebRtc live;
    volatile boolean cameraRemoved;
    private long readNs = System.nanoTime();
    private long clockNs = readNs;

    Stage() {
        this(new Pump.Limits(10, 8, 16 << 20, 64 << 20, 2), hub -> hub);
    }

    /** @param view the hub as the part sees it */
    Stage(Pump.Limits limits, UnaryOperator<StreamHub> view) {
        StreamHub seen = view.apply(hub);
        live = new LiveWebRtc(
                new LiveWebRtc.Network(0, true, 0, List.of()),
                limits,
                new Services(() -> seen, () -> guard, this::cameras),
                this::nanoTime);
    }

    /** Puts the clock of the part forward. */
    synchronized void later(long ms) {
        clockNs += ms * 1_000_000;
    }

    private synchronized long nanoTime() {
        long nowNs = System.nanoTime();
        clockNs += Math.max(0, Math.min(STEP_NS_MAX, nowNs - readNs));
        readNs = nowNs;
        return clockNs;
    }

    CameraRegistry cameras() {
        return (CameraRegistry) Proxy.newProxyInstance(
                Stage.class.getClassLoader(), new Class<?>[] {CameraRegistry.class}, (self, method, arguments) -> {
                    if (!method.getName().equals("find")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return CAMERA.equals(arguments[0]) && !cameraRemoved ? Optional.of(door()) : Optional.empty();
                });
    }

    private static org.nxvms.platform.api.camera.Camera door() {
        return new org.nxvms.platform.api.camera.Camera(
                CAMERA,
                1,
                new UUID(0, 1),
                "Door",
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
                Instant.EPOCH);
    }

    /** Lets everybody in, until it does not. */
    static final class Guard implements AccessGuard {
        volatile boolean closed;
        volatile boolean deaf;
        /** Asked about this one, it fails as no guard should. */
        volatile UUID stumblesAt;

        @Override
        public AuthenticatedUser authenticate(RequestCredentials request) throws AccessDeniedException {
            return request.authorization().filter("Bearer other"::equals).isPresent() ? OTHER : USER;
        }

        @Override
        public void require(AuthenticatedUser user, Permission permission, Optional<UUID> cameraId)
                throws AccessDeniedException {
            if (user.id().equals(stumblesAt)) {
                throw new IllegalStateException("a guard that stumbles, as this test wants it");
            }
            if (closed
                    || permission == Permission.LISTEN && deaf
                    || cameraId.filter(CAMERA::equals).isEmpty()) {
                throw new AccessDeniedException(AccessDeniedException.Kind.FORBIDDEN, permission + " is missing.");
            }
        }
    }

    LiveWebRtc.Answered watch(String offer) {
        return watch(offer, USER, StreamRole.MAIN);
    }

    /** Asks as REST does, as soon as the ports are open. */
    LiveWebRtc.Answered watch(String offer, AuthenticatedUser user, StreamRole role) {
        Awaiting.until("ports are open", () -> live.isListening());
        return live.watch(
                new LiveWebRtc.Asked(new StreamId(CAMERA, role), offer, user, !guard.deaf, credentials(user), true));
    }

    static RequestCredentials credentials(AuthenticatedUser user) {
        return new RequestCredentials(
                "POST",
                Optional.of(user == OTHER ? "Bearer other" : "Bearer good"),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("127.0.0.1"),
                false,
                "127.0.0.1",
                "/api/v1/live/" + CAMERA + "/whep");
    }

    @Override
    public void close() {
        live.stop();
    }

    private static StreamHub hub() {
        return new StreamHubComponent(new StreamHubComponent.Config() {
            @Override
            public int memoryMaxMiB() {
                return 256;
            }

            @Override
            public int streamMaxMiB() {
                return 128;
            }

            @Override
            public int stallSecondsMax() {
                return 14;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return StreamHubComponent.Config.class;
            }
        });
    }

    /** Writes pictures of chance content, 25 a second by their times, and remembers them. */
    final class Camera {
        private final StreamWriter writer;
        private final Random random = new Random(11);
        private final int gop;
        final List<byte[]> pictures = new ArrayList<>();
        private long inRun;
        private long wallUs = 1_760_000_000_000_000L;

        Camera(int gop, TrackFormat... tracks) {
            this(StreamRole.MAIN, gop, tracks);
        }

        Camera(StreamRole role, int gop, TrackFormat... tracks) {
            this.gop = gop;
            writer = hub.openWriter(new StreamId(CAMERA, role), new StreamBudget(64 << 20, 4_096, 8 << 20));
            startRun(tracks);
        }

        void startRun(TrackFormat... tracks) {
            writer.startRun(new StreamFormat(List.of(tracks)), wallUs, ClockSource.ARRIVAL);
            inRun = 0;
        }

        void pictures(int count) {
            for (int i = 0; i < count; i++) {
                picture(inRun * 3_600);
            }
        }

        /** One of two slices, the second of which may need many packets. */
        void picture(long timestamp) {
            boolean key = inRun % gop == 0;
            byte[] first = slice(key, 40 + random.nextInt(200));
            byte[] second = slice(key, key ? 20_000 : 100 + random.nextInt(4_000));
            ByteBuffer unit = ByteBuffer.allocate(8 + first.length + second.length);
            unit.putInt(first.length).put(first).putInt(second.length).put(second);
            commit(0, key ? StreamWriter.KEY : 0, timestamp, unit.flip());
            pictures.add(unit.array());
            inRun++;
            wallUs += 40_000;
        }

        private byte[] slice(boolean key, int length) {
            byte[] slice = new byte[length];
            random.nextBytes(slice);
            slice[0] = (byte) (key ? 0x65 : 0x41);
            return slice;
        }

        void sound(long timestamp, byte[] bytes) {
            commit(1, StreamWriter.KEY, timestamp, ByteBuffer.wrap(bytes));
        }

        private void commit(int track, int flags, long timestamp, ByteBuffer unit) {
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(unit.remaining()).put(unit).flip();
            if (!writer.begin() || !writer.append(direct)) {
                throw new IllegalStateException("not appended");
            }
            if (writer.commit(track, flags, timestamp, wallUs) != StreamWriter.COMMITTED) {
                throw new IllegalStateException("not committed");
            }
        }
    }
}
