// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/** Numbered pictures, 25 a second, a key frame every two seconds, and fragments of them. */
final class Pictures {
    static final long T0 = 1_795_359_599_000_000L; // 2026-11-22T14:59:59Z
    static final long EACH_US = 40_000;
    static final int GROUP = 50;
    static final TrackFormat VIDEO = video();
    static final StreamFormat FORMAT = new StreamFormat(List.of(VIDEO));
    private static final int SEI = 6;
    /** Frames of sound of 20 ms, numbered too. */
    static final TrackFormat SOUND = TrackFormats.g711(Codec.PCM_MULAW, 8_000, 1);

    static final StreamFormat FORMAT_WITH_SOUND = new StreamFormat(List.of(VIDEO, SOUND));
    static final long SOUND_EACH_US = 20_000;

    private Pictures() {}

    private static TrackFormat video() {
        byte[] sps = HexFormat.of().parseHex("67640c28ac18d00f0044fcb00f08846a");
        byte[] pps = HexFormat.of().parseHex("68ee3c80");
        try {
            return TrackFormats.h264(new AvcConfig(List.of(sps), List.of(pps)));
        } catch (NalException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static boolean isKey(int number) {
        return number % GROUP == 0;
    }

    /** {@return when it was taken, in truth} */
    static long takenUs(int number) {
        return T0 + number * EACH_US;
    }

    /** {@return the picture} A message in front of it is no part of it. */
    static ByteBuffer data(int number, boolean message) {
        ByteBuffer data = ByteBuffer.allocate((message ? 7 : 0) + 4 + 40);
        if (message) {
            data.putInt(3).put((byte) SEI).put((byte) number).put((byte) 0x80);
        }
        data.putInt(40).put((byte) (isKey(number) ? 0x65 : 0x41)).putInt(number);
        return data.position(data.capacity()).flip();
    }

    /** {@return which picture that is} */
    static int number(ByteBuffer data) {
        ByteBuffer in = data.duplicate();
        while (true) {
            int length = in.getInt();
            int type = in.get() & 0x1F;
            if (type != SEI) {
                return in.getInt();
            }
            in.position(in.position() + length - 1);
        }
    }

    /** One picture and when it is shown. */
    record Shown(long timeUs, boolean key, ByteBuffer data) {}

    /** A frame of sound and when it was recorded. */
    record Spoken(long timeUs, int number) {}

    static ByteBuffer[] fragment(int sequence, long zeroUs, List<Shown> pictures, long endUs) {
        return fragment(sequence, zeroUs, pictures, List.of(), endUs);
    }

    /** {@return header and payload of one fragment that lasts until a moment} */
    static ByteBuffer[] fragment(int sequence, long zeroUs, List<Shown> pictures, List<Spoken> sound, long endUs) {
        FragmentBuilder builder = new FragmentBuilder(sound.isEmpty() ? 1 : 2, pictures.size() + sound.size());
        builder.begin(sequence);
        int bytes = 0;
        for (Shown one : pictures) {
            long ticks = ticks(one.timeUs() - zeroUs);
            builder.add(0, ticks, ticks, one.data().remaining(), one.key());
            bytes += one.data().remaining();
        }
        for (Spoken one : sound) {
            long at = Math.floorDiv((one.timeUs() - zeroUs) * 8 + 500, 1_000);
            builder.add(1, at, at, Integer.BYTES, true);
            bytes += Integer.BYTES;
        }
        builder.endAt(0, ticks(endUs - zeroUs));
        builder.wallClock(pictures.get(0).timeUs());
        ByteBuffer header = ByteBuffer.allocate(builder.headerBytes());
        builder.writeHeader(header);
        ByteBuffer payload = ByteBuffer.allocate(bytes);
        pictures.forEach(one -> payload.put(one.data().duplicate()));
        sound.forEach(one -> payload.putInt(one.number()));
        return new ByteBuffer[] {header.flip(), payload.flip()};
    }

    private static long ticks(long us) {
        return Math.floorDiv(us * 9 + 50, 100);
    }

    /** A picture on the time line: how long it lasts tells whether anybody sees it. */
    record Seen(int number, boolean key, long ticks) {}

    /** A frame of sound on the line of media time. */
    record Heard(int number, long ticks) {}

    /** {@return the sound that a fragment holds, {@code prft} left aside} */
    static List<Heard> heard(byte[] fragment, int moof) throws Mp4Exception {
        ByteBuffer all = ByteBuffer.wrap(fragment);
        List<Heard> heard = new ArrayList<>();
        FragmentHeader.parse(all.slice(moof, all.getInt(moof))).track(1).ifPresent(table -> {
            for (int i = 0; i < table.count(); i++) {
                heard.add(new Heard(all.getInt(moof + (int) table.offset()[i]), table.presentationTime()[i]));
            }
        });
        return heard;
    }

    /** {@return what a fragment holds, {@code prft} left aside} */
    static List<Seen> seen(byte[] fragment, int moof) throws Mp4Exception {
        ByteBuffer all = ByteBuffer.wrap(fragment);
        SampleTable table =
                FragmentHeader.parse(all.slice(moof, all.getInt(moof))).track(0).orElseThrow();
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < table.count(); i++) {
            ByteBuffer data = all.slice(moof + (int) table.offset()[i], table.size()[i]);
            seen.add(new Seen(number(data), table.key()[i], table.duration()[i]));
        }
        return seen;
    }
}
