// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.playback.FakeArchive;

/** Footage as the recorder writes it, whose pictures are texts: {@code key 3} is the key frame of the third second. */
public final class Recorded {
    public static final String INIT = "ab";
    /** How much later than the pictures sound begins. */
    public static final long SOUND_LATER_US = 20_000;

    private static final int CLOCK = 90_000;
    private static final int PICTURES = 2;
    private static final int SOUNDS = 4;

    private Recorded() {}

    /** One fragment a second; each second one begins with a key frame. */
    public static Segment seconds(FakeArchive archive, long startUs, int seconds, boolean open) {
        archive.addInit(INIT, InitSegment.build(new StreamFormat(List.of(TrackFormats.mjpeg(640, 360)))));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        List<FragmentEntry> index = new ArrayList<>();
        FragmentBuilder builder = new FragmentBuilder(1, PICTURES);
        for (int second = 0; second < seconds; second++) {
            boolean key = second % 2 == 0;
            builder.begin(second);
            List<byte[]> pictures = List.of(
                    ((key ? "key " : "between ") + second).getBytes(StandardCharsets.US_ASCII),
                    ("after " + second).getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < PICTURES; i++) {
                long time = (long) second * CLOCK + i * CLOCK / PICTURES;
                builder.add(0, time, time, pictures.get(i).length, key && i == 0);
            }
            builder.wallClock(startUs + second * 1_000_000L);
            int at = file.size();
            ByteBuffer header = ByteBuffer.allocate(builder.headerBytes());
            builder.writeHeader(header);
            file.writeBytes(header.array());
            pictures.forEach(file::writeBytes);
            index.add(new FragmentEntry(at, file.size() - at, startUs + second * 1_000_000L, 1_000_000, key, PICTURES));
        }
        return archive.add(
                FakeArchive.segment(startUs, startUs + seconds * 1_000_000L, new UUID(0, 3), 0, INIT, open),
                index,
                file.toByteArray());
    }

    /**
     * As {@link #seconds}, with sound between the pictures: {@code sound 3.2} is what is heard half a second after three.
     *
     * @param silent one of the seconds, in which there is none; negative for none
     * @param boxed whether a box that says nothing stands before each fragment, as the one of its cipher does
     */
    public static Segment withSound(
            FakeArchive archive, long startUs, int seconds, TrackFormat sound, int silent, boolean boxed) {
        byte[] init = InitSegment.build(new StreamFormat(List.of(TrackFormats.mjpeg(640, 360), sound)));
        archive.addInit(INIT, init);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(init);
        List<FragmentEntry> index = new ArrayList<>();
        FragmentBuilder builder = new FragmentBuilder(2, PICTURES + SOUNDS);
        long rate = sound.clockRate();
        for (int second = 0; second < seconds; second++) {
            builder.begin(second + 1);
            List<String> units = new ArrayList<>();
            for (int i = 0; i < SOUNDS; i++) {
                if (i % 2 == 0) {
                    String picture = (i == 0 ? second % 2 == 0 ? "key " : "between " : "after ") + second;
                    long time = (long) second * CLOCK + i * CLOCK / SOUNDS;
                    builder.add(0, time, time, picture.length(), picture.startsWith("key"));
                    units.add(picture);
                }
                if (second != silent) {
                    String heard = "sound " + second + "." + i;
                    long time = second * rate + i * rate / SOUNDS + SOUND_LATER_US * rate / 1_000_000;
                    builder.add(1, time, time, heard.length(), true);
                    units.add(heard);
                }
            }
            builder.wallClock(startUs + second * 1_000_000L);
            int at = file.size();
            if (boxed) {
                file.writeBytes(ByteBuffer.allocate(56)
                        .putInt(56)
                        .put("uuid".getBytes(StandardCharsets.US_ASCII))
                        .array());
            }
            ByteBuffer header = ByteBuffer.allocate(builder.headerBytes());
            builder.writeHeader(header);
            file.writeBytes(header.array());
            units.forEach(unit -> file.writeBytes(unit.getBytes(StandardCharsets.US_ASCII)));
            index.add(new FragmentEntry(
                    at, file.size() - at, startUs + second * 1_000_000L, 1_000_000, second % 2 == 0, PICTURES));
        }
        return archive.add(
                FakeArchive.headed(
                        FakeArchive.segment(
                                startUs, startUs + seconds * 1_000_000L, new UUID(0, 3), 0, INIT, false, true),
                        init.length),
                index,
                file.toByteArray());
    }
}
