// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.nxvms.simulator.clip.Clip;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.clip.Tones;

/** Cuts the tracks of a {@link Clip} into packets. */
public final class Packetizers {
    private static final int H264_PAYLOAD_TYPE = 96;
    private static final int AAC_PAYLOAD_TYPE = 97;
    private static final int PCMU_PAYLOAD_TYPE = 0;
    private static final int PCMA_PAYLOAD_TYPE = 8;
    private static final int METADATA_PAYLOAD_TYPE = 107;
    private static final int METADATA_LOOP_SECONDS = 8;
    private static final int VIDEO_RATE = 90_000;
    private static final int NAL_SPS = 7;
    private static final int NAL_PPS = 8;
    private static final int FU_A = 28;
    /** 20 ms, what RFC 3551 4.2 recommends. */
    private static final int G711_UNIT_SAMPLES = 160;

    private static final byte[] NOTHING = {};

    private Packetizers() {}

    /** H.264, packetization mode 1: whole NAL units where they fit, else FU-A (RFC 6184 5.6, 5.8). */
    public static PacketTrack h264(Clip.Video video, ClipSpec spec) {
        return h264(video, spec, 1);
    }

    /** @param every the video has each so many-th picture of the clip */
    public static PacketTrack h264(Clip.Video video, ClipSpec spec, int every) {
        List<byte[]> first = nalUnits(video.accessUnits().get(0).annexB());
        byte[] sps = find(first, NAL_SPS);
        byte[] pps = find(first, NAL_PPS);
        Base64.Encoder base64 = Base64.getEncoder();
        String profileLevel = String.format(Locale.ROOT, "%02X%02X%02X", sps[1], sps[2], sps[3]);
        int kbps = (int) (video.bitrateBps(spec.fps()) / 1000 / every);
        TrackFormat format = new TrackFormat(
                "video",
                H264_PAYLOAD_TYPE,
                "H264/" + VIDEO_RATE,
                "packetization-mode=1;profile-level-id=" + profileLevel,
                base64.encodeToString(sps) + "," + base64.encodeToString(pps),
                VIDEO_RATE,
                VIDEO_RATE / spec.fps() * every,
                kbps);
        PacketTrack.Builder builder = new PacketTrack.Builder(format);
        for (Clip.AccessUnit unit : video.accessUnits()) {
            builder.unit(unit.key());
            picture(builder, unit);
        }
        return builder.build();
    }

    /** {@return one picture as a track}: whichever unit of it is asked for, it is this one. */
    static PacketTrack picture(TrackFormat format, Clip.AccessUnit picture) {
        PacketTrack.Builder builder = new PacketTrack.Builder(format, picture.annexB().length * 11 / 10 + 100);
        builder.unit(true);
        picture(builder, picture);
        return builder.build();
    }

    private static void picture(PacketTrack.Builder builder, Clip.AccessUnit picture) {
        List<byte[]> nals = nalUnits(picture.annexB());
        for (int i = 0; i < nals.size(); i++) {
            nalUnit(builder, nals.get(i), i == nals.size() - 1);
        }
    }

    private static void nalUnit(PacketTrack.Builder builder, byte[] nal, boolean last) {
        if (nal.length <= PacketTrack.PAYLOAD_MAX) {
            builder.packet(last, NOTHING, nal, 0, nal.length);
            return;
        }
        byte indicator = (byte) (nal[0] & 0xe0 | FU_A);
        int type = nal[0] & 0x1f;
        int step = PacketTrack.PAYLOAD_MAX - 2;
        for (int offset = 1; offset < nal.length; offset += step) {
            int length = Math.min(step, nal.length - offset);
            boolean end = offset + length == nal.length;
            byte header = (byte) ((offset == 1 ? 0x80 : 0) | (end ? 0x40 : 0) | type);
            builder.packet(last && end, new byte[] {indicator, header}, nal, offset, length);
        }
    }

    /** AAC in mode AAC-hbr, one frame a packet (RFC 3640 3.3.6). */
    public static PacketTrack aac(Clip.Audio audio) {
        StringBuilder config = new StringBuilder();
        for (byte b : audio.specificConfig()) {
            config.append(String.format(Locale.ROOT, "%02X", b));
        }
        String fmtp =
                "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config="
                        + config;
        TrackFormat format = new TrackFormat(
                "audio",
                AAC_PAYLOAD_TYPE,
                "mpeg4-generic/" + Tones.AAC_RATE + "/1",
                fmtp,
                "",
                Tones.AAC_RATE,
                Tones.AAC_FRAME_SAMPLES,
                48);
        PacketTrack.Builder builder = new PacketTrack.Builder(format);
        for (byte[] frame : audio.frames()) {
            builder.unit(true);
            byte[] header = {0, 16, (byte) (frame.length >> 5), (byte) (frame.length << 3)};
            builder.packet(true, header, frame, 0, frame.length);
        }
        return builder.build();
    }

    /** G.711 mu-law, 20 ms a packet. */
    public static PacketTrack pcmu() {
        return g711(PCMU_PAYLOAD_TYPE, "PCMU", Tones.muLaw());
    }

    /** G.711 A-law, 20 ms a packet. */
    public static PacketTrack pcma() {
        return g711(PCMA_PAYLOAD_TYPE, "PCMA", Tones.aLaw());
    }

    private static PacketTrack g711(int payloadType, String name, byte[] samples) {
        TrackFormat format = new TrackFormat(
                "audio", payloadType, name + "/" + Tones.G711_RATE, "", "", Tones.G711_RATE, G711_UNIT_SAMPLES, 64);
        PacketTrack.Builder builder = new PacketTrack.Builder(format);
        for (int offset = 0; offset < samples.length; offset += G711_UNIT_SAMPLES) {
            builder.unit(true);
            builder.packet(false, NOTHING, samples, offset, G711_UNIT_SAMPLES);
        }
        return builder.build();
    }

    /**
     * ONVIF metadata (ONVIF Streaming 5.1.2.1.1): a document a second that says where something moves, numbered within the
     * loop, over two packets.
     *
     * @param objects whether there is anything in it
     */
    public static PacketTrack metadata(boolean objects) {
        TrackFormat format = new TrackFormat(
                "application", METADATA_PAYLOAD_TYPE, "vnd.onvif.metadata/90000", "", "", VIDEO_RATE, VIDEO_RATE, 5);
        PacketTrack.Builder builder = new PacketTrack.Builder(format);
        for (int number = 0; number < METADATA_LOOP_SECONDS; number++) {
            double x = number * 2.0 / METADATA_LOOP_SECONDS - 1;
            String scene = String.format(
                    Locale.ROOT,
                    "<tt:VideoAnalytics><tt:Frame><tt:Object ObjectId=\"%d\"><tt:Appearance><tt:Shape>"
                            + "<tt:CenterOfGravity x=\"%.3f\" y=\"0.0\"/></tt:Shape></tt:Appearance></tt:Object>"
                            + "</tt:Frame></tt:VideoAnalytics>",
                    number,
                    x);
            String document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><tt:MetadataStream"
                    + " xmlns:tt=\"http://www.onvif.org/ver10/schema\">" + (objects ? scene : "")
                    + "</tt:MetadataStream>";
            byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
            int half = bytes.length / 2;
            builder.unit(true);
            builder.packet(false, NOTHING, bytes, 0, half);
            builder.packet(true, NOTHING, bytes, half, bytes.length - half);
        }
        return builder.build();
    }

    private static byte[] find(List<byte[]> nals, int type) {
        return nals.stream()
                .filter(nal -> (nal[0] & 0x1f) == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the first picture has no NAL unit of type " + type));
    }

    /** Splits at start codes (ITU-T H.264 annex B). */
    static List<byte[]> nalUnits(byte[] annexB) {
        List<byte[]> nals = new ArrayList<>();
        int start = -1;
        for (int i = 0; i + 2 < annexB.length; i++) {
            if (annexB[i] == 0 && annexB[i + 1] == 0 && annexB[i + 2] == 1) {
                addNal(nals, annexB, start, i);
                start = i + 3;
                i += 2;
            }
        }
        addNal(nals, annexB, start, annexB.length);
        return nals;
    }

    private static void addNal(List<byte[]> nals, byte[] annexB, int start, int end) {
        int trimmed = end;
        while (start >= 0 && trimmed > start && annexB[trimmed - 1] == 0) {
            trimmed--;
        }
        if (start >= 0 && trimmed > start) {
            nals.add(java.util.Arrays.copyOfRange(annexB, start, trimmed));
        }
    }
}
