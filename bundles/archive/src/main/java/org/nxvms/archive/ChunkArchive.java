// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.ArchiveMaintenance;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.GapListener;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The archive: joins volumes, index, ledger, repair and retention, and opens runs. Volumes and index may come and go;
 * the disk is the truth, the index is the convenience (archive.md).
 */
@Component(
        immediate = true,
        service = {FootageSink.class, ArchiveMaintenance.class, ChunkArchive.class},
        configurationPid = "org.nxvms.archive")
@Designate(ocd = ArchiveLimits.class)
public final class ChunkArchive implements FootageSink, ArchiveMaintenance, AutoCloseable {
    private static final long DRAIN_MS_MAX = 5_000;

    private final UUID serverId;
    private final int flushSeconds;
    private final int hungSeconds;
    final ChunkRun.Shared shared;
    private final LongSupplier nowUs;
    private final VolumeSet volumes = new VolumeSet(this::footageVolume, this::tasks);
    private final GapListeners listeners = new GapListeners();
    private final Fills fills = new Fills(this);
    private final IndexWriter rows = new IndexWriter(this::connected, this::beforeRows, fills::inserted, this::written);
    private final JournalQueue toJournal = new JournalQueue();
    private final GapLedger ledger = new GapLedger(new GapRecords(rows, listeners, toJournal, this::now));
    private final VolumeChoice choice = new VolumeChoice(volumes::recording);
    private final OpenReaders readers = new OpenReaders();
    private final Losses losses;
    private final SigningKeys keys;
    private final FootageCiphers ciphers;
    private final LockBook locks;
    private final RemovedSegments removed;
    private final Maintenance maintenance;
    private final Caretakers care;
    private final RetentionClock clock;
    private final RollUps rollUps = new RollUps();
    private volatile boolean closed;
    private boolean restored;

    @Activate
    public ChunkArchive(@Reference ServerIdentity server, ArchiveLimits limits) {
        this(
                server.serverId(),
                server.dataFolder(),
                new ArchiveSettings(
                        limits.chunkSeconds(),
                        (long) limits.chunkMebibytes() << 20,
                        limits.flushSeconds(),
                        limits.retentionSeconds(),
                        limits.clockDoubtHours(),
                        limits.hungSeconds(),
                        (long) limits.moveMebibytesPerSecond() << 20,
                        (long) limits.backupMebibytesPerSecond() << 20,
                        limits.backupLagMinutes()),
                () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    }

    /** @param dataFolder where signing keys and locks lie; made at first use */
    public ChunkArchive(UUID serverId, Path dataFolder, ArchiveSettings settings, LongSupplier nowUs) {
        this.serverId = serverId;
        this.keys = new SigningKeys(dataFolder.resolve("keys").resolve("archive"));
        this.ciphers =
                new FootageCiphers(new FootageKeyring(dataFolder.resolve("keys").resolve("footage")));
        this.locks = new LockBook(dataFolder.resolve("locks.tsv"), nowUs);
        this.flushSeconds = settings.flushSeconds();
        this.hungSeconds = settings.hungSeconds();
        this.shared = new ChunkRun.Shared(ChunkRun.Cut.of(settings), FragmentHashing.begun());
        this.nowUs = nowUs;
        this.clock = new RetentionClock(nowUs, System::nanoTime, settings.clockDoubtHours());
        ChunkClaims claims = new ChunkClaims();
        SpareFiles spares = new SpareFiles(volumes::all);
        this.removed = new RemovedSegments(dataFolder.resolve("volumes").resolve("removed"));
        FootageProofs proofs = new FootageProofs(keys, ciphers);
        this.maintenance = new Maintenance(volumes::all, rows, proofs, claims, spares, removed, ledger, toJournal);
        Path notes = dataFolder.resolve("volumes");
        Departures departures = new Departures(notes.resolve("left"), volumes, ledger, claims, maintenance::adopt);
        this.care = new Caretakers(
                volumes,
                choice,
                claims,
                spares,
                removed,
                rows,
                ledger,
                readers,
                locks,
                clock,
                maintenance::isBusy,
                departures,
                new LostRows(
                        notes.resolve("unindexed"),
                        serverId,
                        volumes,
                        maintenance::rebuild,
                        maintenance::isInWork,
                        departures::isReturning),
                nowUs,
                settings);
        this.losses = new Losses(new ArchiveReader(this), ledger);
        rows.start();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addVolume(Volume volume, Map<String, Object> properties) {
        String kind = String.valueOf(properties.getOrDefault(Volume.PROPERTY_KIND, "unknown"));
        volumes.add(volume, kind);
    }

    public void removeVolume(Volume volume) {
        volumes.remove(volume);
    }

    private FootageVolume footageVolume(Volume volume, String kind) {
        return new FootageVolume(volume, kind, flushSeconds, hungSeconds, new VolumeListener());
    }

    private List<VolumeTask> tasks(FootageVolume one) {
        return care.tasks(one);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setIndex(ChunkIndex index) {
        rows.index(Optional.of(index));
    }

    public void unsetIndex(ChunkIndex index) {
        if (rows.index().filter(now -> now == index).isPresent()) {
            rows.index(Optional.empty());
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addListener(GapListener listener) {
        listeners.add(listener, ledger.open());
    }

    public void removeListener(GapListener listener) {
        listeners.remove(listener);
    }

    /** Seals what is open and says from when on the server is down. Recorders have ended their runs before. */
    @Deactivate
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        ledger.shutdown(nowUs.getAsLong());
        volumes.close();
        journalAnywhere();
        rows.drain(DRAIN_MS_MAX);
        rows.close();
        volumes.all().forEach(FootageVolume::finish);
    }

    private void journalAnywhere() {
        for (FootageVolume volume : volumes.all()) {
            try {
                if (volume.volume().status() == Volume.Status.READY) {
                    toJournal.writeTo(volume.volume(), now());
                }
            } catch (IOException tryTheNext) {
                volume.fitness().failed(tryTheNext);
            }
        }
    }

    // ---- FootageSink

    @Override
    public String volumeFor(StreamId stream, FootageTerms terms) throws RefusedException {
        requireOpen();
        care.backups().wished(stream, terms);
        return choice.choose(stream, terms).name();
    }

    @Override
    public void wished(StreamId stream, FootageTerms terms) {
        care.backups().wished(stream, terms);
    }

    @Override
    public Run openRun(String volumeName, RunRequest request) throws RefusedException {
        requireOpen();
        FootageVolume volume = volumes.named(volumeName)
                .orElseThrow(() -> new RefusedException(GapCause.VOLUME_ABSENT, "volume " + volumeName + " is gone"));
        return open(volume, request, Optional.of(ledger));
    }

    /** As {@link #openRun}, in time that is over; who calls knows that nothing is there. */
    Run openPast(RunRequest request) throws RefusedException {
        requireOpen();
        return open(choice.forPast(request.stream(), request.terms()), request, Optional.empty());
    }

    private Run open(FootageVolume volume, RunRequest request, Optional<GapLedger> told) throws RefusedException {
        Optional<RefusedException> refusal = volume.refusal();
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        RunFacts run = RunFacts.of(request, serverId);
        try {
            OpenChunk first = volume.maker().make(run, 0, request.startUs(), new byte[HashChain.HASH_BYTES]);
            return new ChunkRun(volume, run, told, first, request.startUs(), shared);
        } catch (IOException failed) {
            throw volume.refusal().orElseGet(() -> new RefusedException(GapCause.VOLUME_ABSENT, failed.getMessage()));
        }
    }

    private void requireOpen() throws RefusedException {
        if (closed) {
            throw new RefusedException(GapCause.SERVER_DOWN, "the archive stops");
        }
    }

    @Override
    public void gap(StreamId stream, long fromUs, GapCause cause, String detail) {
        ledger.gap(stream, fromUs, cause, detail);
    }

    // ---- what volumes and index tell

    private final class VolumeListener implements FootageVolume.Listener {
        @Override
        public SigningKeys keys() {
            return keys;
        }

        @Override
        public FootageCiphers ciphers() {
            return ciphers;
        }

        @Override
        public void sealed(StoredSegment row) {
            Segment segment = row.segment();
            if (segment.clockSource() != ClockSource.DEVICE_RECORDING) {
                choice.measured(segment.stream(), segment.sizeBytes(), segment.endUs() - segment.startUs());
            }
            rows.add(row);
        }

        @Override
        public Optional<String> twinOf(FootageVolume volume) {
            return volumes.twinOf(volume).map(FootageVolume::name);
        }

        @Override
        public boolean isRemoved(UUID segmentId) throws IOException {
            return removed.has(segmentId);
        }

        @Override
        public void lost(StreamId stream, long fromUs, long toUs, String detail) {
            losses.report(stream, fromUs, toUs, detail);
        }

        @Override
        public GapLedger ledger() {
            return ledger;
        }

        @Override
        public JournalQueue toJournal() {
            return toJournal;
        }

        @Override
        public Fills fills() {
            return fills;
        }

        @Override
        public void turn(FootageVolume volume) throws IOException {
            if (volume.volume().status() == Volume.Status.READY && !volumes.isReplaced(volume)) {
                toJournal.writeTo(volume.volume(), now());
            }
        }
    }

    private Instant now() {
        return Instant.EPOCH.plus(nowUs.getAsLong(), ChronoUnit.MICROS);
    }

    /** The index came: learns once what earlier processes left, before any row of this one is written. */
    private void connected(ChunkIndex index) {
        rollUps.index(index);
        if (restored) {
            return;
        }
        new EarlierFootage(ledger, listeners).restore(index);
        restored = true;
    }

    private void beforeRows(ChunkIndex index) {
        care.lostRows().ask(index);
    }

    private void written(List<Segment> segments) {
        for (Segment segment : segments) {
            volumes.identified(segment.volumeId()).ifPresent(volume -> volume.indexed(segment, rows.durableAfter()));
        }
        care.backups().written(segments);
    }

    // ---- for the archive's other services

    Collection<FootageVolume> footageVolumes() {
        return volumes.all();
    }

    List<Volume> waitingVolumes() {
        return volumes.waiting();
    }

    IndexWriter rows() {
        return rows;
    }

    /** {@return changes of gaps that are in no journal yet} */
    JournalQueue toJournal() {
        return toJournal;
    }

    RetentionClock clock() {
        return clock;
    }

    SigningKeys keys() {
        return keys;
    }

    FootageCiphers ciphers() {
        return ciphers;
    }

    LockBook locks() {
        return locks;
    }

    Caretakers care() {
        return care;
    }

    GapLedger ledger() {
        return ledger;
    }

    long nowUs() {
        return nowUs.getAsLong();
    }

    OpenReaders readers() {
        return readers;
    }

    @Override
    public Report check(boolean verifyHashes, Consumer<Progress> progress) {
        return maintenance.check(verifyHashes, progress);
    }

    @Override
    public Report rebuild(Consumer<Progress> progress) {
        return maintenance.rebuild(progress);
    }
}
