// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.Mp4Exception;

/**
 * What a power cut leaves of chunks that were being written: the last fragment of each breaks off at some byte, and nothing,
 * zeros or bytes of something else stand behind that. At each single byte it is a test of the archive's
 * ({@code ChunkRepairTest}).
 */
final class TornTails {
    /** So many of a fragment's first bytes are the boxes that say where its pictures are. */
    private static final int HEADER_BYTES = 400;

    private enum Tail {
        NOTHING,
        ZEROS,
        GARBAGE
    }

    private final Path volume;
    private final Random random;
    private final List<Torn> all = new ArrayList<>();

    /**
     * A chunk of which the last fragment was torn.
     *
     * @param sound what stands before that fragment
     */
    private record Torn(String camera, Path chunk, String how, byte[] sound, int fragments) {}

    TornTails(Path volume, Random random) {
        this.volume = volume;
        this.random = random;
    }

    /** Of each camera the newest chunk: each way of tearing, within the fragment's header and behind it. No server runs. */
    void tear(List<String> cameras) {
        for (int i = 0; i < cameras.size(); i++) {
            try {
                tear(cameras.get(i), Tail.values()[i % Tail.values().length], i / Tail.values().length % 2 == 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Mp4Exception e) {
                throw new AssertionError(cameras.get(i), e);
            }
        }
    }

    private void tear(String camera, Tail tail, boolean inHeader) throws IOException, Mp4Exception {
        Path chunk = Chunks.newest(volume, camera);
        try (FileChannel file = FileChannel.open(chunk, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            List<ChunkScan.Fragment> fragments = ChunkScan.of(file).fragments();
            ChunkScan.Fragment last = fragments.get(fragments.size() - 1);
            assertThat(fragments).as("fragments of " + chunk).hasSizeGreaterThan(1);
            byte[] sound = Arrays.copyOf(Files.readAllBytes(chunk), (int) last.offset());

            int bytes = (int) last.bytes();
            // What stands in for the end of a last picture is nothing that anybody could know without its hash.
            int within = inHeader ? HEADER_BYTES : tail == Tail.NOTHING ? bytes - 1 : bytes / 2;
            int at = 1 + random.nextInt(within - 1);
            file.truncate(last.offset() + at);
            byte[] behind = new byte[tail == Tail.GARBAGE ? 1 + random.nextInt(2 * bytes) : bytes - at];
            if (tail == Tail.GARBAGE) {
                random.nextBytes(behind);
            }
            if (tail != Tail.NOTHING) {
                file.write(ByteBuffer.wrap(behind), last.offset() + at);
            }
            String how = at + " of " + bytes + " bytes, then " + (tail == Tail.NOTHING ? 0 : behind.length) + " of "
                    + tail + " in " + chunk;
            System.out.println("torn: " + how);
            all.add(new Torn(camera, chunk, how, sound, fragments.size() - 1));
        }
    }

    /** No byte before the torn fragment is touched; it is sealed, played to its end, and the gap begins right there. */
    void assertEachIsCutToItsLastWholeFragment(Api api, Instant killed) {
        assertThat(all).isNotEmpty();
        for (Torn torn : all) {
            Waiting.until("sealed: " + torn.how(), 20, () -> isSealed(torn));
            byte[] repaired = read(torn.chunk());
            assertThat(Arrays.equals(repaired, 0, torn.sound().length, torn.sound(), 0, torn.sound().length))
                    .as("what was whole: " + torn.how())
                    .isTrue();
            Kills.play(torn.chunk());
            // It begins where the repaired footage ends, so it is told after that.
            Waiting.until(
                    "a gap: " + torn.how(), 20, () -> !gapsAt(api, torn, killed).isEmpty());
            List<JsonNode> gaps = gapsAt(api, torn, killed);
            assertThat(gaps)
                    .as("gaps: " + torn.how())
                    .extracting(gap -> gap.get("cause").asText())
                    .containsExactly("server_down");
            Instant end = lastFootageBefore(api, torn.camera(), killed);
            assertThat(Duration.between(
                                    end,
                                    Instant.ofEpochMilli(
                                            gaps.get(0).get("start").asLong()))
                            .abs())
                    .as("from the end of footage to the gap: " + torn.how())
                    .isLessThan(Duration.ofMillis(2));
        }
    }

    private static List<JsonNode> gapsAt(Api api, Torn torn, Instant killed) {
        return api.gaps(torn.camera(), killed.minusSeconds(3), killed.plusSeconds(1));
    }

    private static Instant lastFootageBefore(Api api, String camera, Instant time) {
        return api.segments(camera, time.minusSeconds(30), time).stream()
                .filter(segment -> segment.get("startMs").asLong() < time.toEpochMilli())
                .map(segment -> Instant.ofEpochMilli(segment.get("startMs").asLong()
                        + segment.get("durationMs").asLong()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static boolean isSealed(Torn torn) throws IOException {
        try (FileChannel file = FileChannel.open(torn.chunk())) {
            ChunkScan scan = ChunkScan.of(file);
            ChunkScan.Fragment last = scan.fragments().get(scan.fragments().size() - 1);
            return scan.problem().isEmpty()
                    && scan.fragments().size() == torn.fragments()
                    && last.offset() + last.bytes() == torn.sound().length
                    && file.size() > torn.sound().length;
        } catch (Mp4Exception e) {
            throw new AssertionError(torn.how(), e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
