// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a caller was told of a timeline, in a text that he brings with the next call: of each lane a hash of what ends by a
 * moment, and one of all of it. So nothing is kept between calls, a restart takes nothing away, and what changes in the
 * past (retention, removals, footage fetched from a camera's card) is told as well as what is recorded now.
 */
public final class Cursor {
    /** Of the text's form; changes with what is hashed. */
    private static final byte FORM = 1;
    /** Of a lane's hash. The text of the most cameras has to fit into an address of 8 KiB beside their ids. */
    private static final int HASH_BYTES = 5;

    private static final int HEAD_BYTES = 1 + 3 * Long.BYTES;
    private static final int CHARS_MAX = (HEAD_BYTES + 2 * HASH_BYTES * Timeline.CAMERAS_MAX) * 4 / 3 + 4;

    private record Hashes(long settled, long all) {}

    private final long question;
    private final long settledMs;
    private final long beside;
    private final List<Hashes> lanes;

    private Cursor(long question, long settledMs, long beside, List<Hashes> lanes) {
        this.question = question;
        this.settledMs = settledMs;
        this.beside = beside;
        this.lanes = List.copyOf(lanes);
    }

    /**
     * {@return what is known with an answer}
     *
     * @param lanes in the order of the question
     * @param settledMs what ends by then is expected not to change any more; if it does, its lane is told whole
     * @param beside of what is told beside the lanes
     */
    public static Cursor of(Timeline.Query query, List<Timeline.Lane> lanes, long settledMs, Object beside) {
        List<Hashes> hashes = new ArrayList<>(lanes.size());
        for (Timeline.Lane lane : lanes) {
            hashes.add(new Hashes(hash(out -> write(out, lane, settledMs)), hash(out -> writeAll(out, lane))));
        }
        return new Cursor(question(query), settledMs, hash(beside), hashes);
    }

    /** {@return whether the same was asked} */
    public boolean isOf(Timeline.Query query) {
        return question == question(query) && lanes.size() == query.cameras().size();
    }

    /** {@return whether what is told beside the lanes is as it was} */
    public boolean hasBeside(Object beside) {
        return this.beside == hash(beside);
    }

    /** {@return the lanes that are not as they were, each from {@code settledMs} on where what ends by then is} */
    public List<Timeline.Lane> changed(List<Timeline.Lane> now) {
        List<Timeline.Lane> changed = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            Timeline.Lane lane = now.get(i);
            if (hash(out -> writeAll(out, lane)) != lanes.get(i).all()) {
                boolean begun =
                        hash(out -> write(out, lane, settledMs)) == lanes.get(i).settled();
                changed.add(begun ? behind(lane, settledMs) : lane);
            }
        }
        return changed;
    }

    private static Timeline.Lane behind(Timeline.Lane lane, long settledMs) {
        return new Timeline.Lane(
                lane.cameraId(),
                OptionalLong.of(settledMs),
                lane.spans().stream().filter(span -> span[1] > settledMs).toList(),
                lane.gaps().stream().filter(gap -> end(gap) > settledMs).toList(),
                lane.first(),
                lane.last());
    }

    private static long end(Timeline.ShownGap gap) {
        return gap.end().orElse(Long.MAX_VALUE);
    }

    private static void writeAll(DataOutputStream out, Timeline.Lane lane) throws IOException {
        write(out, lane, Long.MAX_VALUE);
        out.writeLong(lane.first().orElse(-1));
        out.writeLong(lane.last().orElse(-1));
    }

    /** What ends by a moment. */
    private static void write(DataOutputStream out, Timeline.Lane lane, long byMs) throws IOException {
        for (long[] span : lane.spans()) {
            if (span[1] <= byMs) {
                out.writeLong(span[0]);
                out.writeLong(span[1]);
            }
        }
        for (Timeline.ShownGap gap : lane.gaps()) {
            if (end(gap) <= byMs) {
                out.writeLong(-gap.start());
                out.writeLong(end(gap));
                writeText(out, gap.cause());
                writeText(out, gap.detail());
            }
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static long question(Timeline.Query query) {
        return hash(out -> writeText(out, query.toString()));
    }

    private static long hash(Object beside) {
        return hash(out -> writeText(out, beside.toString()));
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static long hash(Writing writing) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DataOutputStream out = new DataOutputStream(
                    new BufferedOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest)))) {
                writing.to(out);
            }
            return ByteBuffer.wrap(digest.digest()).getLong() >>> (Long.SIZE - Byte.SIZE * HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return as it travels, in an address too} */
    public String text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(HEAD_BYTES + 2 * HASH_BYTES * lanes.size());
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            out.writeLong(question);
            out.writeLong(settledMs);
            out.writeLong(beside);
            for (Hashes lane : lanes) {
                writeHash(out, lane.settled());
                writeHash(out, lane.all());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static void writeHash(DataOutputStream out, long hash) throws IOException {
        for (int i = HASH_BYTES - 1; i >= 0; i--) {
            out.writeByte((int) (hash >>> (Byte.SIZE * i)));
        }
    }

    /**
     * {@return what a text says; empty for one of another form, which an earlier or a later server wrote}
     *
     * @throws IllegalArgumentException when no server wrote it
     */
    public static Optional<Cursor> read(String text) {
        if (text.length() > CHARS_MAX) {
            throw new IllegalArgumentException("longer than any cursor");
        }
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        if (!bytes.hasRemaining()) {
            throw new IllegalArgumentException("empty");
        }
        if (bytes.get() != FORM) {
            return Optional.empty();
        }
        if (bytes.remaining() < HEAD_BYTES - 1 || (bytes.remaining() - HEAD_BYTES + 1) % (2 * HASH_BYTES) != 0) {
            throw new IllegalArgumentException("cut");
        }
        long question = bytes.getLong();
        long settledMs = bytes.getLong();
        long beside = bytes.getLong();
        List<Hashes> lanes = new ArrayList<>();
        while (bytes.hasRemaining()) {
            lanes.add(new Hashes(readHash(bytes), readHash(bytes)));
        }
        return Optional.of(new Cursor(question, settledMs, beside, lanes));
    }

    private static long readHash(ByteBuffer bytes) {
        long hash = 0;
        for (int i = 0; i < HASH_BYTES; i++) {
            hash = hash << Byte.SIZE | bytes.get() & 0xff;
        }
        return hash;
    }
}
