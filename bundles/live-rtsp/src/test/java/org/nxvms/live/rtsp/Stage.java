// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.lang.annotation.Annotation;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.streamhub.StreamHubComponent;

/** The real stream hub and a camera that writes 25 pictures a second into it, with sound. */
final class Stage {
    static final UUID CAMERA = UUID.fromString("22222222-2222-2222-2222-222222222222");
    static final StreamId MAIN = StreamId.main(CAMERA);
    static final long START_US = 1_760_000_000_000_000L;
    static final int GOP = 10;

    /** avcC records of x264: High 1920x1080, Baseline 640x360. */
    private static final String LARGE =
            "01640028ffe1001b67640028acb200f0044fcb80880000030008000003019078c1924001000668ebc3" + "cb22c0fdf8f800";

    private static final String SMALL =
            "0142c01effe100196742c01ed900a02ff97011000003000100000300320f162e4801000568cb83cb20";

    static final TrackFormat H264 = h264("avc1.640028", 1920, 1080, LARGE);
    static final TrackFormat H264_SMALL = h264("avc1.42c01e", 640, 360, SMALL);
    static final TrackFormat G711 = new TrackFormat(Codec.PCM_ALAW, 8_000, "alaw", 0, 0, 1, 0, new byte[0]);

    private Stage() {}

    private static TrackFormat h264(String codec, int width, int height, String configuration) {
        return new TrackFormat(
                Codec.H264, 90_000, codec, width, height, 0, 25, HexFormat.of().parseHex(configuration));
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

    /** Writes pictures that say which they are: one NAL unit each, its number behind the header. */
    static final class Camera {
        private final StreamWriter writer;
        private final int bytes;
        private int picture;
        private long inRun;
        private long origin;

        Camera(StreamHub hub, int ringBytes, int bytes) {
            this.writer = hub.openWriter(MAIN, new StreamBudget(ringBytes, 4096, ringBytes / 4));
            this.bytes = bytes;
        }

        /** @param origin of the run's time stamps, in seconds */
        void startRun(long originS, TrackFormat... tracks) {
            writer.startRun(new StreamFormat(List.of(tracks)), wallUs(), ClockSource.ARRIVAL);
            inRun = 0;
            origin = originS;
        }

        void pictures(int count) {
            for (int i = 0; i < count; i++) {
                picture();
            }
        }

        /** A picture, a key frame each {@link #GOP}. */
        void picture() {
            boolean key = inRun % GOP == 0;
            ByteBuffer unit = ByteBuffer.allocate(bytes)
                    .putInt(bytes - 4)
                    .put((byte) (key ? 0x65 : 0x41))
                    .put((byte) 0x88);
            commit(0, key ? StreamWriter.KEY : 0, origin * 90_000 + inRun * 3_600, unit.putInt(picture));
            picture++;
            inRun++;
        }

        /** Sound of the moment of the next picture, or so many milliseconds before. */
        void sound(int earlierMs) {
            commit(1, StreamWriter.KEY, origin * 8_000 + inRun * 320 - earlierMs * 8L, ByteBuffer.allocate(160));
        }

        void endRun() {
            writer.endRun(wallUs(), GapCause.CAMERA_UNREACHABLE, "");
        }

        private void commit(int track, int flags, long timestamp, ByteBuffer payload) {
            if (!writer.begin() || !writer.append(payload.clear())) {
                throw new IllegalStateException("not appended");
            }
            int committed = writer.commit(track, flags, timestamp, wallUs());
            if (committed != StreamWriter.COMMITTED) {
                throw new IllegalStateException("commit answered " + committed);
            }
        }

        long wallUs() {
            return START_US + picture * 40_000L;
        }

        int next() {
            return picture;
        }
    }
}
