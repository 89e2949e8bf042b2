// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink;

/** A run as a row of chunks on one volume. One thread at a time. */
final class ChunkRun implements FootageSink.Run {
    private final FootageVolume volume;
    private final RunFacts run;
    /** Empty for footage of the past: what is recorded now begins and ends where it did. */
    private final Optional<GapLedger> ledger;

    private final Cut cut;
    private final FragmentHashing hashing;
    private final FragmentFacts fragment = new FragmentFacts();
    private final FragmentHashing.Announced announced = new FragmentHashing.Announced();
    private OpenChunk chunk;
    /** A chunk that is full, until its successor holds a fragment: before that the run does not go on there. */
    private Optional<OpenChunk> full = Optional.empty();
    /** The chunk that comes next, once the one that is written is full. */
    private Optional<NextChunk> next = Optional.empty();

    private final long runStartUs;
    /** Before its first fragment a run is no footage: a volume may take a file and nothing into it. */
    private boolean begun;

    private long chunkStartUs;
    private long chunkUsMax;
    private boolean ended;

    ChunkRun(
            FootageVolume volume,
            RunFacts run,
            Optional<GapLedger> ledger,
            OpenChunk first,
            long startUs,
            Shared shared) {
        this.volume = volume;
        this.run = run;
        this.ledger = ledger;
        this.chunk = first;
        this.runStartUs = startUs;
        this.chunkStartUs = startUs;
        this.cut = shared.cut();
        this.chunkUsMax = cut.firstUsMax(run.stream());
        this.hashing = shared.hashing();
    }

    /** What all runs have in common. */
    record Shared(Cut cut, FragmentHashing hashing) {}

    /**
     * When a chunk is long or large enough to end before a key frame. A source that sends one and then refreshes its pictures
     * bit by bit sends no other: far beyond the distance of any camera's key frames a chunk ends before any fragment.
     */
    record Cut(long chunkUsMax, long chunkBytesMax) {
        private static final int KEYLESS_TIMES = 4;
        private static final long KEYLESS_US_MIN = TimeUnit.MINUTES.toMicros(10);
        private static final long KEYLESS_BYTES_MIN = 1L << 30;
        private static final long SPREAD_US_MIN = TimeUnit.MINUTES.toMicros(1);
        /** Makes like hashes unlike (the golden ratio, as in Fibonacci hashing). */
        private static final long SPREADING = 0x9E3779B97F4A7C15L;

        static Cut of(ArchiveSettings settings) {
            return new Cut(TimeUnit.SECONDS.toMicros(settings.chunkSeconds()), settings.chunkBytes());
        }

        /**
         * {@return how long the first chunk of a stream's run becomes} Streams begin together when a server or a site's
         * power comes back; were their chunks equally long, all would be sealed in the same second from then on. Always the
         * same for a stream; of chunks that are short, and so sealed all the time, it is as long as any other.
         */
        long firstUsMax(StreamId stream) {
            return chunkUsMax < SPREAD_US_MIN
                    ? chunkUsMax
                    : chunkUsMax - Long.remainderUnsigned(stream.toString().hashCode() * SPREADING, chunkUsMax / 2);
        }

        long keylessUsMax() {
            return Math.max(KEYLESS_TIMES * chunkUsMax, KEYLESS_US_MIN);
        }

        long keylessBytesMax() {
            return Math.max(KEYLESS_TIMES * chunkBytesMax, KEYLESS_BYTES_MIN);
        }
    }

    @Override
    public boolean isReady(long startUs, boolean key) {
        if (ended || !isEnough(startUs, key)) {
            return true;
        }
        if (next.isEmpty()) {
            next = Optional.of(volume.maker().makeLater(run, chunk.name().sequence() + 1, startUs, chunk.root()));
        }
        return next.get().isDue();
    }

    @Override
    public boolean announce(ByteBuffer[] parts, int count) {
        // What is hashed of an encrypted fragment is the ciphertext, which there is not yet.
        return !ended && chunk.encrypted().isEmpty() && hashing.announce(announced, parts, count);
    }

    @Override
    public boolean append(
            ByteBuffer[] parts,
            int count,
            long startUs,
            long durationUs,
            boolean key,
            int accessUnits,
            BooleanSupplier stillIntact)
            throws IOException {
        hashing.drop(announced);
        fragment.hash = HashChain.UNKNOWN;
        return append(startUs, durationUs, key, accessUnits, parts, count, stillIntact);
    }

    @Override
    public boolean appendAnnounced(
            long startUs, long durationUs, boolean key, int accessUnits, BooleanSupplier stillIntact)
            throws IOException {
        fragment.hash = hashing.take(announced);
        return append(startUs, durationUs, key, accessUnits, announced.parts, announced.count, stillIntact);
    }

    private boolean append(
            long startUs,
            long durationUs,
            boolean key,
            int accessUnits,
            ByteBuffer[] parts,
            int count,
            BooleanSupplier stillIntact)
            throws IOException {
        if (ended) {
            throw new IOException("the run has ended");
        }
        try {
            chunk.requireNoDoubt();
            var refusal = volume.refusal();
            if (refusal.isPresent()) {
                throw new IOException(refusal.get().getMessage(), refusal.get());
            }
            if (isEnough(startUs, key)) {
                goOnInNext(startUs);
            }
            fragment.startUs = startUs;
            fragment.durationUs = durationUs;
            fragment.key = key;
            fragment.accessUnits = accessUnits;
            boolean appended = write(parts, count, stillIntact);
            if (appended) {
                if (full.isPresent()) {
                    goesOn(full.get());
                }
                if (ledger.isPresent()) {
                    tell(ledger.get(), startUs, startUs + durationUs);
                }
            }
            return appended;
        } catch (IOException failed) {
            if (!(failed.getCause() instanceof FootageSink.RefusedException)) {
                volume.fitness().failed(failed);
            }
            seal();
            throw failed;
        }
    }

    private void tell(GapLedger of, long startUs, long endUs) {
        if (!begun) {
            begun = true;
            of.runStarts(run.stream(), runStartUs);
        }
        of.footage(run.stream(), startUs, endUs);
    }

    private boolean write(ByteBuffer[] parts, int count, BooleanSupplier stillIntact) throws IOException {
        long began = volume.fitness().watch().begins();
        try {
            return chunk.append(parts, count, fragment, stillIntact);
        } finally {
            volume.fitness().watch().ends(began);
        }
    }

    private boolean isEnough(long startUs, boolean key) {
        long us = startUs - chunkStartUs;
        long bytes = chunk.wholeBytes();
        return !chunk.isEmpty()
                && (key
                        ? us >= chunkUsMax || bytes >= cut.chunkBytesMax()
                        : us >= cut.keylessUsMax() || bytes >= cut.keylessBytesMax());
    }

    private void goOnInNext(long startUs) throws IOException {
        OpenChunk before = chunk;
        chunk = next.isPresent()
                ? await(next.get())
                : volume.maker().make(run, before.name().sequence() + 1, startUs, before.root());
        next = Optional.empty();
        chunkStartUs = startUs;
        chunkUsMax = cut.chunkUsMax();
        full = Optional.of(before);
    }

    private OpenChunk await(NextChunk made) throws IOException {
        long began = volume.fitness().watch().begins();
        try {
            return made.await();
        } finally {
            volume.fitness().watch().ends(began);
        }
    }

    private void goesOn(OpenChunk before) {
        before.continuedBy(chunk);
        full = Optional.empty();
        volume.sealLater(before);
    }

    @Override
    public void end(long endUs) {
        seal();
    }

    @Override
    public void close() {
        seal();
    }

    private void seal() {
        if (!ended) {
            ended = true;
            hashing.drop(announced);
            full.ifPresent(volume::sealLater);
            volume.sealLater(chunk);
            // It holds nothing, and so it goes.
            next.ifPresent(unused -> unused.discard(volume::sealLater));
            next = Optional.empty();
        }
    }
}
