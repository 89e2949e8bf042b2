// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.Prft;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.simulator.rtp.PacketTrack;
import org.nxvms.simulator.rtp.TrackFormat;

/** The pictures of a fetched file, each with the time the file says; and what the camera sent live at that time. */
record FetchedPictures(InitReader.Init init, List<Picture> all, List<Sound> sound) {
    private static final int PRFT = 0x70726674;
    private static final int MOOF = 0x6d6f6f66;
    private static final int MDAT = 0x6d646174;

    record Picture(long wallUs, boolean key, byte[] bytes) {}

    /** @param wallUs by the file's own time line, whose zero is the first picture */
    record Sound(long wallUs, byte[] bytes) {}

    static byte[] readAll(EdgeRecordings.Download download) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(10_000);
        for (int count = download.read(piece); count >= 0; count = download.read(piece.clear())) {
            assertThat(count).isEqualTo(piece.position()).isPositive();
            all.write(piece.array(), 0, count);
        }
        return all.toByteArray();
    }

    static FetchedPictures of(byte[] file) throws Exception {
        ByteBuffer in = ByteBuffer.wrap(file);
        InitReader.Init init = InitReader.read(in);
        List<Picture> all = new ArrayList<>();
        List<Sound> sound = new ArrayList<>();
        long wallUs = 0;
        int[] moofAt = {0};
        for (int at = init.bytes(); at < file.length; at += in.getInt(at)) {
            ByteBuffer box = in.slice(at, in.getInt(at));
            switch (in.getInt(at + 4)) {
                case PRFT -> wallUs = Prft.wallUs(box);
                case MOOF -> moofAt[0] = at;
                case MDAT -> {
                    ByteBuffer header = in.slice(moofAt[0], at - moofAt[0]);
                    SampleTable table = FragmentHeader.parse(header).track(0).orElseThrow();
                    long zeroUs = all.isEmpty() ? wallUs : all.get(0).wallUs();
                    FragmentHeader.parse(header).track(1).ifPresent(beside -> {
                        int rate = init.format().tracks().get(1).clockRate();
                        for (int i = 0; i < beside.count(); i++) {
                            int from = moofAt[0] + (int) beside.offset()[i];
                            sound.add(new Sound(
                                    zeroUs + beside.presentationTime()[i] * 1_000_000 / rate,
                                    Arrays.copyOfRange(file, from, from + beside.size()[i])));
                        }
                    });
                    for (int i = 0; i < table.count(); i++) {
                        long sinceFirst =
                                (table.presentationTime()[i] - table.presentationTime()[0]) * 1_000_000 / 90_000;
                        int from = moofAt[0] + (int) table.offset()[i];
                        all.add(new Picture(
                                wallUs + sinceFirst,
                                table.key()[i],
                                Arrays.copyOfRange(file, from, from + table.size()[i])));
                    }
                }
                default -> throw new AssertionError("a box that should not be there at " + at);
            }
        }
        return new FetchedPictures(init, all, sound);
    }

    /**
     * Each frame between the first picture and the last is there once, at its time, as it is sent live, a packet each.
     *
     * @param headBytes of a packet, before its frame
     */
    void assertSoundIsThatSentLive(PacketTrack track, int headBytes) {
        TrackFormat format = track.format();
        assertThat(sound).as("frames of sound").hasSizeGreaterThan(10);
        assertThat(sound.get(0).wallUs() - all.get(0).wallUs()).isBetween(0L, 100_000L);
        assertThat(all.get(all.size() - 1).wallUs()
                        - sound.get(sound.size() - 1).wallUs())
                .isLessThan(100_000L);
        long first = Math.round(sound.get(0).wallUs() / 1e6 * format.clockRate() / format.unitTicks());
        for (int i = 0; i < sound.size(); i++) {
            long unit = first + i;
            assertThat(sound.get(i).wallUs())
                    .as("frame %d follows the one before", i)
                    .isCloseTo(format.unitNanos(unit) / 1_000, Offset.offset(200L));
            assertThat(sound.get(i).bytes())
                    .as("frame %d is number %d", i, unit)
                    .isEqualTo(frame(track, unit, headBytes));
        }
    }

    private static byte[] frame(PacketTrack track, long unit, int headBytes) {
        ByteBuffer packet = ByteBuffer.allocate(1 << 16);
        int length = track.copy(unit, 0, packet);
        int header = PacketTrack.PREFIX_BYTES + PacketTrack.HEADER_BYTES;
        return Arrays.copyOfRange(packet.array(), header + headBytes, length);
    }

    Instant first() {
        return Instant.EPOCH.plus(all.get(0).wallUs(), ChronoUnit.MICROS);
    }

    Instant last() {
        return Instant.EPOCH.plus(all.get(all.size() - 1).wallUs(), ChronoUnit.MICROS);
    }

    /** Each picture between the first and the last is there once, at its time, byte for byte as it is sent live. */
    void assertAreThoseSentLive(PacketTrack track, int frameMs, long clockAheadMs) {
        List<byte[]> live = live(track);
        assertThat(all).as("pictures").isNotEmpty();
        assertThat(all.get(0).key()).as("the file begins with a key frame").isTrue();
        for (int i = 0; i < all.size(); i++) {
            Picture picture = all.get(i);
            long unit = Math.floorDiv(picture.wallUs() - clockAheadMs * 1_000, frameMs * 1_000L);
            assertThat(picture.wallUs())
                    .as("picture %d follows the one before", i)
                    .isEqualTo(all.get(0).wallUs() + i * frameMs * 1_000L);
            assertThat(picture.bytes()).as("picture %d is number %d", i, unit).isEqualTo(live.get((int)
                    Math.floorMod(unit, (long) track.unitCount())));
        }
    }

    private static List<byte[]> live(PacketTrack track) {
        List<byte[]> units = new ArrayList<>();
        ReplayUnits sink = new ReplayUnits(
                picture -> units.add(
                        Arrays.copyOf(picture.bytes().array(), picture.bytes().limit())),
                () -> {});
        H264Depacketizer depacketizer = new H264Depacketizer(sink, new AvcParameterSets(), true);
        RtpHeader header = new RtpHeader();
        ByteBuffer packet = ByteBuffer.allocate(1 << 16);
        for (int unit = 0; unit < track.unitCount(); unit++) {
            for (int i = 0; i < track.packetCount(unit); i++) {
                int length = track.copy(unit, i, packet.clear());
                packet.putInt(PacketTrack.PREFIX_BYTES + 4, unit * 3_600);
                header.parse(packet, PacketTrack.PREFIX_BYTES, length - PacketTrack.PREFIX_BYTES);
                depacketizer.accept(packet, header, 0);
            }
        }
        assertThat(units).hasSize(track.unitCount());
        return units;
    }
}
