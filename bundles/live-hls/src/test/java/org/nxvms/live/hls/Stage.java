// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

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
import org.nxvms.media.StreamRole;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.TrackFormat;
import org.nxvms.streamhub.StreamHubComponent;

/** The real stream hub and a camera that writes pictures and sound into it. */
final class Stage {
    static final UUID CAMERA = UUID.fromString("22222222-2222-2222-2222-222222222222");
    static final StreamId MAIN = StreamId.main(CAMERA);
    static final Feed.Key KEY = new Feed.Key(MAIN, true);
    static final long START_US = 1_760_000_000_000_000L;

    /** avcC records of x264: High 1920x1080, Baseline 640x360. */
    private static final String LARGE =
            "01640028ffe1001b67640028acb200f0044fcb80880000030008000003019078c1924001000668ebc3" + "cb22c0fdf8f800";

    private static final String SMALL =
            "0142c01effe100196742c01ed900a02ff97011000003000100000300320f162e4801000568cb83cb20";

    static final TrackFormat H264 = new TrackFormat(Codec.H264, 90_000, "avc1.640028", 1920, 1080, 0, 25, hex(LARGE));
    static final TrackFormat H264_SMALL =
            new TrackFormat(Codec.H264, 90_000, "avc1.42c01e", 640, 360, 0, 0, hex(SMALL));
    static final TrackFormat MJPEG = new TrackFormat(Codec.MJPEG, 90_000, "mp4v.6C", 640, 360, 0, 0, new byte[0]);
    static final TrackFormat AAC = new TrackFormat(Codec.AAC, 16_000, "mp4a.40.2", 0, 0, 1, 0, new byte[] {0x14, 0x08});

    static final Feed.Shape SHAPE = new Feed.Shape(300_000, 2_000_000, 8_000_000, 8 << 20);
    static final Pump.Limits LIMITS = new Pump.Limits(SHAPE, 32 << 20, 10, 10, 30_000, 2);

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

    /** Writes pictures; the first four bytes of each are its number. */
    static final class Camera {
        private final StreamWriter writer;
        private final int gop;
        private final int bytes;
        private final long pictureUs;
        private boolean speaks;
        private boolean mute;
        private long soundUs;
        private long nowUs = START_US;
        private long wallUs = START_US;
        private long runUs;
        private int picture;
        private int inGroup;
        private long driftUs;
        private boolean reorders;
        private long soundLateUs;

        Camera(StreamHub hub, int gop, int bytes, long pictureUs) {
            this(hub, StreamRole.MAIN, gop, bytes, pictureUs);
        }

        Camera(StreamHub hub, StreamRole role, int gop, int bytes, long pictureUs) {
            this.writer = hub.openWriter(new StreamId(CAMERA, role), new StreamBudget(64 << 20, 8192, 8 << 20));
            this.gop = gop;
            this.bytes = bytes;
            this.pictureUs = pictureUs;
        }

        Camera startRun(TrackFormat... tracks) {
            writer.startRun(new StreamFormat(List.of(tracks)), wallUs, ClockSource.ARRIVAL);
            speaks = tracks.length > 1;
            runUs = nowUs;
            soundUs = nowUs;
            inGroup = 0;
            return this;
        }

        void pictures(int count) {
            for (int i = 0; i < count; i++) {
                long laterUs = shownLater() * pictureUs;
                commit(
                        0,
                        inGroup == 0 ? StreamWriter.KEY : 0,
                        (nowUs + laterUs - runUs) * 9 / 100,
                        wallUs + laterUs,
                        bytes);
                picture++;
                inGroup = (inGroup + 1) % gop;
                nowUs += pictureUs;
                wallUs += pictureUs + driftUs;
                for (; speaks && soundUs < nowUs; soundUs += 64_000) {
                    if (mute) {
                        continue;
                    }
                    commit(1, StreamWriter.KEY, (soundUs - runUs) * 16 / 1_000, wallUs - soundLateUs, 100);
                }
            }
        }

        /** Pictures are sent before those that refer to them, and shown behind: 0 2 1 4 3 ... */
        Camera reorder() {
            reorders = true;
            return this;
        }

        private int shownLater() {
            if (!reorders || inGroup == 0) {
                return 0;
            }
            if (inGroup % 2 == 0) {
                return -1;
            }
            return inGroup + 1 < gop ? 1 : 0;
        }

        /** Its microphone is switched off, or on. */
        Camera mute(boolean off) {
            mute = off;
            return this;
        }

        /** Sound comes so much behind its pictures. */
        Camera soundLate(long us) {
            soundLateUs = us;
            return this;
        }

        /** By so much the clock is set. */
        void setClock(long us) {
            wallUs += us;
        }

        void seconds(double seconds) {
            pictures((int) Math.round(seconds * 1e6 / pictureUs));
        }

        /** From now on a picture comes so much later by the wall than its own clock says. */
        void drift(long us) {
            driftUs = us;
        }

        /** Nothing comes for a while. */
        void pause(long us) {
            nowUs += us;
            wallUs += us;
        }

        void endRun(GapCause cause, String detail) {
            writer.endRun(wallUs, cause, detail);
        }

        int pictureCount() {
            return picture;
        }

        private void commit(int track, int flags, long timestamp, long takenUs, int length) {
            ByteBuffer payload = ByteBuffer.allocate(length);
            payload.putInt(0, picture);
            if (!writer.begin() || !writer.append(payload)) {
                throw new IllegalStateException("not appended");
            }
            int committed = writer.commit(track, flags, timestamp, takenUs);
            if (committed != StreamWriter.COMMITTED) {
                throw new IllegalStateException("commit answered " + committed);
            }
        }
    }
}
