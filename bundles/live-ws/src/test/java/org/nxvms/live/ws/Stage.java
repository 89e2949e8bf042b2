// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.annotation.Annotation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.streamhub.StreamHubComponent;

/** The real stream hub and a camera that writes 25 pictures a second into it. */
final class Stage {
    static final UUID CAMERA = UUID.fromString("22222222-2222-2222-2222-222222222222");
    static final UUID OTHER = UUID.fromString("33333333-3333-3333-3333-333333333333");
    static final long START_US = 1_760_000_000_000_000L;

    /** avcC records of x264: High 1920x1080, Baseline 640x360. */
    private static final String LARGE =
            "01640028ffe1001b67640028acb200f0044fcb80880000030008000003019078c1924001000668ebc3" + "cb22c0fdf8f800";

    private static final String SMALL =
            "0142c01effe100196742c01ed900a02ff97011000003000100000300320f162e4801000568cb83cb20";

    static final TrackFormat H264 = new TrackFormat(Codec.H264, 90_000, "avc1.640028", 1920, 1080, 0, 25, hex(LARGE));
    static final TrackFormat H264_SMALL =
            new TrackFormat(Codec.H264, 90_000, "avc1.42c01e", 640, 360, 0, 0, hex(SMALL));
    static final TrackFormat HEVC =
            new TrackFormat(Codec.HEVC, 90_000, "hvc1.1.6.L120", 1920, 1080, 0, 25, new byte[] {1});
    static final TrackFormat AAC = new TrackFormat(Codec.AAC, 16_000, "mp4a.40.2", 0, 0, 1, 0, new byte[] {0x14, 0x08});
    static final TrackFormat G711 = new TrackFormat(Codec.PCM_ALAW, 8_000, "alaw", 0, 0, 1, 0, new byte[0]);

    private Stage() {}

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    static StreamHub hub() {
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

    /** Writes pictures of a size; the first byte of the payload is its number. */
    static final class Camera {
        private final StreamWriter writer;
        private final int gop;
        private final int bytes;
        private long picture;
        private long inRun;

        Camera(StreamHub hub, StreamRole role, int gop, int bytes) {
            this(hub, new StreamId(CAMERA, role), gop, bytes);
        }

        Camera(StreamHub hub, StreamId stream, int gop, int bytes) {
            this.writer = hub.openWriter(stream, new StreamBudget(64 << 20, 4096, 8 << 20));
            this.gop = gop;
            this.bytes = bytes;
        }

        void startRun(TrackFormat... tracks) {
            writer.startRun(new StreamFormat(List.of(tracks)), wallUs(), ClockSource.ARRIVAL);
            inRun = 0;
        }

        void pictures(int count) {
            for (int i = 0; i < count; i++) {
                picture();
            }
        }

        void picture() {
            boolean key = inRun % gop == 0;
            commit(0, key ? StreamWriter.KEY : 0, inRun * 3_600, bytes, (int) picture);
            picture++;
            inRun++;
        }

        void sound(int track, long timestamp) {
            commit(track, StreamWriter.KEY, timestamp, 100, 0);
        }

        void endRun(org.nxvms.media.GapCause cause, String detail) {
            writer.endRun(wallUs(), cause, detail);
        }

        private void commit(int track, int flags, long timestamp, int length, int number) {
            ByteBuffer payload = ByteBuffer.allocate(length);
            payload.putInt(0, number);
            if (!writer.begin() || !writer.append(payload)) {
                throw new IllegalStateException("not appended");
            }
            int committed = writer.commit(track, flags, timestamp, wallUs());
            if (committed != StreamWriter.COMMITTED) {
                throw new IllegalStateException("commit answered " + committed);
            }
        }

        long wallUs() {
            return START_US + picture * 40_000;
        }
    }

    /** A socket that takes what it is told to take. */
    static class Socket implements Outlet {
        final List<Object> received = new ArrayList<>();
        boolean stuck;
        int closeCode;
        String closeReason = "";
        private long pending;

        @Override
        public boolean isOpen() {
            return closeCode == 0;
        }

        @Override
        public long pendingBytes() {
            return pending;
        }

        @Override
        public void say(ObjectNode message) {
            received.add(message.toString());
        }

        @Override
        public void media(Media media) {
            received.add(media.bytes().slice());
            if (stuck) {
                pending += media.length();
            }
        }

        @Override
        public void close(int code, String reason) {
            if (closeCode == 0) {
                closeCode = code;
                closeReason = reason;
            }
        }

        void unstick() {
            stuck = false;
            pending = 0;
        }

        List<String> texts() {
            return received.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .toList();
        }

        /** Messages of a type. */
        List<String> texts(String type) {
            return texts().stream()
                    .filter(t -> t.contains("\"type\":\"" + type + "\""))
                    .toList();
        }

        /** Fragments, without initialisation segments. */
        List<ByteBuffer> fragments() {
            return received.stream()
                    .filter(ByteBuffer.class::isInstance)
                    .map(ByteBuffer.class::cast)
                    .filter(b -> b.getInt(b.position() + 4) != 0x66747970)
                    .toList();
        }

        /** Numbers of the pictures received. */
        List<Integer> pictures() {
            return fragments().stream().map(Read::pictureNumber).toList();
        }
    }
}
