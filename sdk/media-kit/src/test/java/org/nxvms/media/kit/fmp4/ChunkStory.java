// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.TestClip;
import org.nxvms.media.kit.TestClip.Picture;
import org.nxvms.media.kit.nal.TrackFormats;

/** A chunk of real H.264 with B-frames and AAC, written fragment by fragment. */
abstract class ChunkStory {
    static final long START_US = 1_763_800_000_123_457L;
    static final RunInfo RUN = new RunInfo(
            StreamId.main(UUID.fromString("00000000-0000-4000-8000-000000000001")),
            UUID.fromString("00000000-0000-4000-8000-000000000002"),
            UUID.fromString("00000000-0000-4000-8000-000000000003"),
            7,
            START_US,
            ClockSource.ARRIVAL);

    @TempDir
    Path folder;

    final List<Picture> pictures = TestClip.pictures();
    final List<byte[]> tone = TestClip.tone();
    Path file;
    StreamFormat format;

    @BeforeEach
    void writeChunk() throws Exception {
        format = new StreamFormat(
                List.of(TestClip.format().tracks().get(0), TrackFormats.aac(TestClip.toneConfig(), 48_000)));
        file = folder.resolve("chunk.mp4");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(InitSegment.build(format, Optional.of(RUN))));
            writeFragments(out);
        }
        // Kept for a look with ffprobe; nothing reads it.
        Files.createDirectories(Path.of("target"));
        Files.copy(file, Path.of("target/chunk.mp4"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private void writeFragments(FileChannel out) throws IOException {
        FragmentBuilder builder = new FragmentBuilder(2, 100);
        DecodeTimes video =
                new DecodeTimes(TrackFormats.reorderDepth(format.tracks().get(0)));
        ByteBuffer header = ByteBuffer.allocateDirect(8192);
        List<ByteBuffer> payload = new ArrayList<>();
        int audio = 0;
        int sequence = 1;
        for (int i = 0; i < pictures.size(); i++) {
            Picture picture = pictures.get(i);
            long dts = video.next(picture.pts() + 90_000);
            if (picture.key()) {
                if (i > 0) {
                    builder.endAt(0, dts);
                    flush(out, builder, header, payload);
                }
                builder.begin(sequence++);
                builder.wallClock(START_US + picture.pts() * 100 / 9);
            }
            byte[] sample = picture.sample();
            assertThat(builder.add(0, dts, picture.pts() + 90_000, sample.length, picture.key()))
                    .isTrue();
            payload.add(ByteBuffer.wrap(sample));
            for (int n = 0; n < 2 && audio < tone.size(); n++, audio++) {
                long time = 48_000 + 1024L * audio;
                builder.add(1, time, time, tone.get(audio).length, true);
                payload.add(ByteBuffer.wrap(tone.get(audio)));
            }
        }
        flush(out, builder, header, payload);
    }

    private static void flush(FileChannel out, FragmentBuilder builder, ByteBuffer header, List<ByteBuffer> payload)
            throws IOException {
        header.clear();
        int promised = builder.headerBytes();
        builder.writeHeader(header);
        header.flip();
        assertThat(header.remaining()).isEqualTo(promised);
        payload.add(0, header);
        out.write(payload.toArray(ByteBuffer[]::new));
        payload.clear();
    }

    ChunkScan scan() throws IOException, Mp4Exception {
        try (FileChannel in = FileChannel.open(file)) {
            return ChunkScan.of(in);
        }
    }
}
