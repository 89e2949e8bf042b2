// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeSpace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archive's side of one volume: its chunks that have no row yet, and one thread that repairs, flushes, seals and
 * removes on it, so that a sick volume holds up nobody else. Recorders append on their own threads.
 */
final class FootageVolume implements AutoCloseable {
    /** What the keeper tells; called on its thread. */
    interface Listener {
        /** A chunk is sealed and durable; its row may be written. */
        void sealed(StoredSegment row);

        /** {@return what signs sealed chunks} */
        SigningKeys keys();

        /** {@return what encrypts new chunks and opens old ones} */
        FootageCiphers ciphers();

        /** {@return what is told where an earlier process's footage ended and what of it is damaged} */
        GapLedger ledger();

        /** {@return what is on its way to a journal} */
        JournalQueue toJournal();

        /** {@return what is told which footage of the past is found} */
        Fills fills();

        /** {@return whether a person removed a chunk, wherever its files were then} */
        boolean isRemoved(UUID segmentId) throws IOException;

        /** {@return the name of another volume that is the same folder and was there before; nothing may be done twice} */
        Optional<String> twinOf(FootageVolume volume);

        /** Footage that was taken is not on the disk after all. */
        void lost(StreamId stream, long fromUs, long toUs, String detail);

        /** Work of others on the volume: journals, retention. Called a few times a second while it can be written. */
        void turn(FootageVolume volume) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(FootageVolume.class);
    private static final long TURN_MS = 200;
    private static final long SPACE_INTERVAL_MS = 1_000;
    private static final long RETRY_MS = 2_000;
    private static final long CLOSE_MS_KEEPER = 20_000;
    /** A recorder writes about every second; what it has not given back by then is repaired at the next start. */
    private static final long CLOSE_MS_MAX = 3_000;
    /** Other volumes wait meanwhile. */
    private static final long CLOSE_MS_HUNG = 500;

    private final Volume volume;
    private final String kind;
    private final Markers open;
    private final Listener listener;
    private final Thread keeper;
    private final Map<UUID, OpenChunk> live = new ConcurrentHashMap<>();
    /** Chunks that may be parts of copies. */
    private final Set<UUID> unsettled = ConcurrentHashMap.newKeySet();

    private final DoneMarkers done;
    private final VolumeFitness fitness;
    private final KeeperWatch watch;
    private final Flushing flushing;
    private final Sealing sealing;
    private final Leftovers leftovers;
    private final ChunkMaker maker;
    private final VolumeRoom room = new VolumeRoom();

    private volatile boolean started;
    private volatile boolean hasLeftovers;
    private volatile boolean closing;
    private volatile boolean leaving;
    private long nextSpaceNanos = System.nanoTime();

    /** @param hungSeconds a write that takes longer sends streams to other volumes */
    FootageVolume(Volume volume, String kind, int flushSeconds, int hungSeconds, Listener listener) {
        this.volume = volume;
        this.kind = kind;
        this.open = Markers.open(volume);
        this.done = new DoneMarkers(open, listener.toJournal());
        this.listener = listener;
        this.fitness = new VolumeFitness(volume, hungSeconds);
        this.watch = fitness.keeper();
        this.flushing = new Flushing(flushSeconds, fitness);
        this.sealing = new Sealing(volume, fitness, flushing, new SealOutcome());
        this.leftovers = new Leftovers(volume, watch, new RepairOutcome(volume, live, done, listener));
        this.maker = new ChunkMaker(volume, open, done, fitness, () -> listener.ciphers(), this::made);
        this.keeper = new Thread(this::run, "nxvms-vol-" + volume.name() + "-keep");
        keeper.setDaemon(true);
    }

    void start() {
        keeper.start();
    }

    Volume volume() {
        return volume;
    }

    String name() {
        return volume.name();
    }

    String kind() {
        return kind;
    }

    int weight() {
        return Math.max(1, volume.weight());
    }

    /** {@return whether streams come here that do not name the volume, while there is another such} */
    boolean isForEverybody() {
        return volume.weight() > 0;
    }

    /** {@return sizes as of a second ago; empty when unknown} */
    Optional<VolumeSpace> space() {
        return fitness.space();
    }

    /** {@return why the volume takes no footage now; at once} */
    Optional<RefusedException> refusal() {
        if (closing) {
            return fitness.refuse("it is taken out of use");
        }
        if (started || volume.status() != Volume.Status.READY) {
            return fitness.refusal();
        }
        return fitness.refuse(listener.twinOf(this)
                .map(other -> "its folder is in use as volume " + other + "; remove one of the two")
                .orElse("it is being examined"));
    }

    /** {@return whether it was seen once, as nobody else's} */
    boolean isStarted() {
        return started;
    }

    /** {@return whether an earlier process left chunks without a row, of this server or the one it came from} */
    boolean hasLeftovers() {
        return hasLeftovers;
    }

    /** {@return whether it is here and what an earlier process left on it is not repaired yet} */
    boolean mayHaveMore() {
        return volume.status() == Volume.Status.READY && (!started || leftovers.size() > 0);
    }

    VolumeFitness fitness() {
        return fitness;
    }

    /** {@return who makes its chunks} */
    ChunkMaker maker() {
        return maker;
    }

    private void made(OpenChunk chunk) {
        flushing.add(chunk);
        live.put(chunk.name().segmentId(), chunk);
    }

    /** Recorder's thread: nothing more will be appended. */
    void sealLater(OpenChunk chunk) {
        sealing.add(chunk);
        LockSupport.unpark(keeper);
    }

    /** Any thread: the chunk's row is committed; its marker stays until no power cut can take that back. */
    void indexed(Segment segment, Duration durableAfter) {
        live.remove(segment.id());
        done.add(segment.path(), durableAfter);
        LockSupport.unpark(keeper);
    }

    Optional<OpenChunk> live(UUID segmentId) {
        return Optional.ofNullable(live.get(segmentId)).filter(chunk -> !chunk.isEmpty());
    }

    /** {@return whether the chunk is being made, open, or being repaired} */
    boolean isInWork(ChunkName name) {
        return isInWork(name.segmentId()) || leftovers.contains(name.path());
    }

    boolean isInWork(UUID segmentId) {
        return maker.isMaking(segmentId) || live.containsKey(segmentId) || unsettled.contains(segmentId);
    }

    /** {@return chunks that may be parts of copies, or of which it is not known yet which file counts; to be changed} */
    Set<UUID> unsettled() {
        return unsettled;
    }

    VolumeRoom room() {
        return room;
    }

    /** It is about to be closed: nothing that takes long is begun or gone on with. */
    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving || closing;
    }

    /** Caller's thread: seals a chunk that a crash left open and no marker tells of; {@return whether it was kept} */
    boolean repair(String path) throws IOException {
        return leftovers.repairNow(path);
    }

    private final class SealOutcome implements Sealing.Outcome {
        @Override
        public SigningKeys keys() {
            return listener.keys();
        }

        @Override
        public void sealed(OpenChunk chunk, StoredSegment row) {
            listener.sealed(row);
            forgotten(chunk);
        }

        @Override
        public void removed(OpenChunk chunk) {
            forgotten(chunk);
            done.add(chunk.path(), Duration.ZERO);
        }

        @Override
        public void lost(OpenChunk chunk, long fromUs, long toUs) {
            String why = "volume " + name() + " did not keep what was written to it; check the disk";
            listener.lost(chunk.run().stream(), fromUs, toUs, why);
        }

        @Override
        public void forgotten(OpenChunk chunk) {
            live.remove(chunk.name().segmentId());
        }
    }

    Collection<OpenChunk> live() {
        return live.values();
    }

    /** {@return bytes of chunks that have no row yet} */
    long liveBytes() {
        return live.values().stream().mapToLong(OpenChunk::wholeBytes).sum();
    }

    /** {@return chunks that wait to be sealed, those of an earlier process included} */
    int backlog() {
        return sealing.size() + leftovers.size();
    }

    /** {@return sealings that failed so far and were or will be tried again} */
    long sealFailures() {
        return sealing.failures();
    }

    /** {@return chunks that are left to the next start, since they cannot be sealed} */
    Collection<OpenChunk> setAside() {
        return sealing.setAside();
    }

    /** {@return chunks of an earlier process that are damaged and stay as they are} */
    Collection<String> leftAlone() {
        return leftovers.leftAlone();
    }

    private void run() {
        while (!closing) {
            try {
                turn();
                pause(TURN_MS);
            } catch (IOException | RuntimeException failed) {
                LOG.warn("Volume {}: {}", volume.name(), failed.getMessage(), failed);
                pause(RETRY_MS);
            }
        }
        sealTheRest();
    }

    /** Runs that are still open end at their next fragment, since the volume refuses it. */
    private void sealTheRest() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS_MAX);
        while (hasUnsealed() && System.nanoTime() - deadline < 0) {
            sealing.last();
            pause(TURN_MS);
        }
    }

    private boolean hasUnsealed() {
        return !sealing.isEmpty() || !flushing.isEmpty();
    }

    private void pause(long ms) {
        if (closing ? hasUnsealed() : ms > TURN_MS || !sealing.isDue()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
        }
    }

    private void turn() throws IOException {
        Volume.Status status = volume.status();
        if (status == Volume.Status.ABSENT || status == Volume.Status.WRONG_IDENTITY) {
            fitness.space(Optional.empty());
            return;
        }
        refreshSpace();
        if (!started) {
            if (listener.twinOf(this).isPresent()) {
                return;
            }
            watch.during("reading its journal", () -> {
                unsettled.addAll(Arrivals.unsettled(volume));
                unsettled.addAll(Backups.unsettled(volume));
                List<String> marked = open.all();
                hasLeftovers = !marked.isEmpty();
                leftovers.add(marked);
            });
            started = true;
        }
        sealing.turn();
        flushing.turn();
        if (status == Volume.Status.READY && leftovers.turn()) {
            LockSupport.unpark(keeper);
        }
        watch.during("writing its journals", () -> listener.turn(this));
        watch.during("removing what could not be made", maker::clear);
        // Last: a chunk without a marker is not looked at again, and what a repair said of it must be in a journal.
        watch.during("removing markers", done::clear);
    }

    private void refreshSpace() throws IOException {
        if (System.nanoTime() - nextSpaceNanos >= 0) {
            watch.during("asking for its free space", this::forgetSpace);
            watch.during("looking for its key", () -> fitness.look(listener.ciphers()));
            nextSpaceNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SPACE_INTERVAL_MS);
        }
    }

    /** Asks for fresh figures after something was removed. */
    void forgetSpace() throws IOException {
        fitness.space(Optional.of(volume.space()));
    }

    /** Seals what is queued, then ends. What cannot be sealed is repaired at the next start. */
    @Override
    public void close() {
        closing = true;
        maker.close();
        LockSupport.unpark(keeper);
        try {
            keeper.join(watch.hung().isPresent() ? CLOSE_MS_HUNG : CLOSE_MS_KEEPER);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** After the last rows were written: removes their markers, on the caller's thread; the keeper has ended. */
    void finish() {
        if (!keeper.isAlive()) {
            try {
                done.clear();
            } catch (IOException leftForTheNextStart) {
                LOG.info("Volume {}: {}", volume.name(), leftForTheNextStart.getMessage());
            }
        }
    }
}
