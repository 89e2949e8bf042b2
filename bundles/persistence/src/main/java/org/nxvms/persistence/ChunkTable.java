// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.persistence.EntityManager;
import javax.persistence.LockModeType;
import javax.persistence.TypedQuery;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.CopyIndex;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.archive.TimeSpans;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The chunk index in {@code chunk}, the gap ledger in {@code gap}. A look-up walks a short stretch of one
 * index, however much footage there is; what grows with the archive is read in pages.
 */
@Component(service = ChunkIndex.class)
public final class ChunkTable implements ChunkIndex {
    /** Rows held in memory at a time while all are visited. */
    private static final int PAGE_ROWS = 500;

    /**
     * How long before a range a chunk may begin that reaches into it, apart from the first one that does:
     * chunks of a stream overlap only after a clock jump, and last minutes.
     */
    private static final long OVERLAP_US_MAX = TimeUnit.HOURS.toMicros(1);

    private final Transactions transactions;
    private final Transactions reads;
    private final UUID serverId;
    private final CopyTable copies;

    @Activate
    public ChunkTable(
            @Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa,
            @Reference WriteBehind behind,
            @Reference ServerIdentity server) {
        this(Transactions.of(jpa).writtenBy(behind), server.serverId());
    }

    ChunkTable(Transactions transactions, UUID serverId) {
        this.transactions = transactions;
        this.reads = transactions.reading();
        this.serverId = serverId;
        this.copies = new CopyTable(transactions);
    }

    @Override
    public boolean makeDurable() {
        return transactions.answer("make what was committed durable", em -> DurableCommits.make(em, serverId));
    }

    @Override
    public CopyIndex copies() {
        return copies;
    }

    @Override
    public void insert(List<StoredSegment> segments) {
        if (segments.isEmpty()) {
            return;
        }
        transactions.run("index chunks", em -> insert(em, segments));
    }

    private static void insert(EntityManager em, List<StoredSegment> segments) {
        Map<String, StoredSegment> fresh = new LinkedHashMap<>();
        segments.forEach(stored -> fresh.putIfAbsent(stored.segment().id().toString(), stored));
        for (List<String> ids : IdPages.of(List.copyOf(fresh.keySet()))) {
            em.createQuery("select c.id from ChunkRow c where c.id in :ids", String.class)
                    .setParameter("ids", ids)
                    .getResultList()
                    .forEach(fresh::remove);
        }
        Map<String, Usage> more = new TreeMap<>();
        for (StoredSegment stored : fresh.values()) {
            em.persist(new ChunkRow(stored));
            add(more, stored.segment().volumeId().toString(), stored.segment().sizeBytes());
        }
        FootageDays.added(
                em,
                fresh.values().stream()
                        .map(StoredSegment::segment)
                        .map(s -> new FootageDays.Time(s.stream(), s.startUs(), s.endUs()))
                        .toList());
        more.forEach((volume, usage) -> VolumeUsageRows.count(em, volume, usage.bytes(), usage.segments()));
    }

    @Override
    public List<Segment> find(StreamId stream, long fromUs, long toUs, int limit) {
        return reads.answer("find chunks", em -> {
            return of(
                            em,
                            "select c from ChunkRow c where c.cameraId = :camera and c.stream = :stream"
                                    + " and c.startUs >= :earliest and c.startUs < :to and c.endUs > :from"
                                    + " order by c.cameraId, c.stream, c.startUs",
                            ChunkRow.class,
                            stream)
                    .setParameter("earliest", earliestStartUs(em, stream, fromUs))
                    .setParameter("from", fromUs)
                    .setParameter("to", toUs)
                    .setMaxResults(limit)
                    .getResultStream()
                    .map(ChunkRow::segment)
                    .toList();
        });
    }

    /** {@return where to begin to look for chunks that end after {@code fromUs}, so that not all before are walked} */
    static long earliestStartUs(EntityManager em, StreamId stream, long fromUs) {
        Optional<Long> first = of(
                        em,
                        "select c.startUs from ChunkRow c where c.cameraId = :camera and c.stream = :stream"
                                + " and c.endUs > :from order by c.cameraId, c.stream, c.endUs",
                        Long.class,
                        stream)
                .setParameter("from", fromUs)
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
        long earliest = Math.max(fromUs, Long.MIN_VALUE + OVERLAP_US_MAX) - OVERLAP_US_MAX;
        return Math.min(first.orElse(earliest), earliest);
    }

    private static <T> TypedQuery<T> of(EntityManager em, String query, Class<T> type, StreamId stream) {
        return em.createQuery(query, type)
                .setParameter("camera", stream.cameraId().toString())
                .setParameter("stream", stream.role().id());
    }

    @Override
    public Optional<Segment> get(UUID id) {
        return reads.answer("find a chunk", em -> Optional.ofNullable(em.find(ChunkRow.class, id.toString()))
                .map(ChunkRow::segment));
    }

    @Override
    public List<Segment> withInit(String initId, int limit) {
        return reads.answer(
                "find chunks", em -> em.createQuery("select c from ChunkRow c where c.initId = :init", ChunkRow.class)
                        .setParameter("init", initId)
                        .setMaxResults(limit)
                        .getResultStream()
                        .map(ChunkRow::segment)
                        .toList());
    }

    @Override
    public Optional<Segment> last(StreamId stream) {
        return reads.answer("find the last chunk", em -> of(
                        em,
                        "select c from ChunkRow c where c.cameraId = :camera and c.stream = :stream"
                                + " order by c.cameraId, c.stream, c.endUs desc",
                        ChunkRow.class,
                        stream)
                .setMaxResults(1)
                .getResultStream()
                .map(ChunkRow::segment)
                .findFirst());
    }

    @Override
    public Optional<Archive.TimeRange> range(StreamId stream) {
        return reads.answer("find the range of a stream", em -> range(em, stream));
    }

    private static Optional<Archive.TimeRange> range(EntityManager em, StreamId stream) {
        // One step along an index each; H2 walks all rows of the stream for min and max.
        Optional<Long> first = extreme(em, "startUs", "asc", stream);
        Optional<Long> last = extreme(em, "endUs", "desc", stream);
        return first.isEmpty() || last.isEmpty()
                ? Optional.empty()
                : Optional.of(new Archive.TimeRange(first.get(), last.get()));
    }

    @Override
    public Map<StreamId, TimeSpans> footage(Collection<StreamId> streams, long fromUs, long toUs) {
        return reads.answer("find the footage of streams", em -> FootageDays.footage(em, streams, fromUs, toUs));
    }

    @Override
    public Map<StreamId, Archive.TimeRange> ranges(Collection<StreamId> streams) {
        return reads.answer("find the ranges of streams", em -> FootageDays.ranges(em, streams));
    }

    @Override
    public long checkRollups(boolean repair) {
        long different = 0;
        for (StreamId stream : streams(Optional.empty())) {
            Optional<Archive.TimeRange> there = reads.answer(
                    "find the days of a stream", em -> FootageDays.daysToCheck(em, stream, range(em, stream)));
            long last = there.map(Archive.TimeRange::toUs).orElse(Long.MIN_VALUE);
            for (long day = there.map(Archive.TimeRange::fromUs).orElse(0L); day <= last; day++) {
                long number = day;
                boolean differs = transactions.answer(
                        "compare a day of a stream", em -> FootageDays.check(em, stream, number, repair));
                different += differs ? 1 : 0;
            }
        }
        return different;
    }

    @Override
    public long rollUpOnce() {
        if (reads.answer("find whether roll-ups were checked", em -> RollUpCheck.isDone(em, serverId))) {
            return 0;
        }
        long written = checkRollups(true);
        transactions.run("remember that roll-ups were checked", em -> RollUpCheck.done(em, serverId));
        return written;
    }

    private static Optional<Long> extreme(EntityManager em, String field, String order, StreamId stream) {
        return of(
                        em,
                        "select c." + field + " from ChunkRow c where c.cameraId = :camera and c.stream = :stream"
                                + " order by c.cameraId, c.stream, c." + field + " " + order,
                        Long.class,
                        stream)
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
    }

    @Override
    public List<StreamId> streams(Optional<UUID> cameraId) {
        return reads.answer("list streams", em -> {
            // A stream may have nothing but gaps.
            Set<StreamId> found = new LinkedHashSet<>();
            for (String entity : List.of("ChunkRow", "GapRow")) {
                found.addAll(cameraId.isPresent() ? ofCamera(em, entity, cameraId.get()) : ofServer(em, entity));
            }
            return List.copyOf(found);
        });
    }

    private List<StreamId> ofServer(EntityManager em, String entity) {
        return em.createQuery(
                        "select distinct r.cameraId, r.stream from " + entity + " r where r.serverId = :id",
                        Object[].class)
                .setParameter("id", serverId.toString())
                .getResultStream()
                .map(r -> new StreamId(UUID.fromString((String) r[0]), StreamRole.of((String) r[1])))
                .toList();
    }

    /** One step along an index for each stream; "distinct" would walk all rows of the camera, thousands a month. */
    private static List<StreamId> ofCamera(EntityManager em, String entity, UUID cameraId) {
        TypedQuery<String> next = em.createQuery(
                        "select r.stream from " + entity + " r where r.cameraId = :camera and r.stream > :before"
                                + " order by r.cameraId, r.stream",
                        String.class)
                .setParameter("camera", cameraId.toString())
                .setMaxResults(1);
        return Stream.iterate(step(next, ""), Optional::isPresent, role -> step(next, role.get()))
                .map(role -> new StreamId(cameraId, StreamRole.of(role.get())))
                .toList();
    }

    private static Optional<String> step(TypedQuery<String> next, String before) {
        return next.setParameter("before", before).getResultStream().findFirst();
    }

    @Override
    public List<StoredSegment> oldest(UUID volumeId, long fromStartUs, int limit) {
        return reads.answer(
                "find the oldest chunks",
                em -> ChunksOnVolume.oldest(em, volumeId, fromStartUs, Long.MAX_VALUE, limit));
    }

    @Override
    public List<StoredSegment> oldestUnkept(UUID volumeId, long fromStartUs, long nowUs, int limit) {
        return reads.answer(
                "find the oldest chunks", em -> ChunksOnVolume.unkept(em, volumeId, fromStartUs, nowUs, limit));
    }

    @Override
    public List<StoredSegment> expired(UUID volumeId, long fromUs, long nowUs, int limit) {
        return reads.answer("find expired chunks", em -> ChunksOnVolume.expired(em, volumeId, fromUs, nowUs, limit));
    }

    @Override
    public void delete(List<UUID> ids) {
        if (ids.isEmpty()) {
            return;
        }
        transactions.run("remove chunks", em -> delete(em, ids));
    }

    private static void delete(EntityManager em, List<UUID> ids) {
        Map<String, Usage> less = new TreeMap<>();
        List<FootageDays.Time> gone = new ArrayList<>();
        for (List<String> page : IdPages.of(texts(ids))) {
            // Locked, so that two who remove the same chunks do not both count them.
            List<ChunkRow> rows = em.createQuery(
                            "select c from ChunkRow c where c.id in :ids order by c.id", ChunkRow.class)
                    .setParameter("ids", page)
                    .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                    .getResultList();
            CopyTable.removeOf(em, page).forEach(copy -> add(less, copy.volumeId(), copy.sizeBytes()));
            rows.forEach(row -> {
                add(less, row.volumeId(), row.sizeBytes());
                gone.add(row.time());
                em.remove(row);
            });
        }
        FootageDays.removed(em, gone);
        less.forEach((volume, usage) -> VolumeUsageRows.count(em, volume, -usage.bytes(), -usage.segments()));
    }

    @Override
    public void replace(StoredSegment segment) {
        UUID id = segment.segment().id();
        transactions.run("write a chunk's row anew", em -> {
            Optional<String> copy =
                    Optional.ofNullable(em.find(CopyRow.class, id.toString())).map(CopyRow::volumeId);
            delete(em, List.of(id));
            em.flush();
            em.clear();
            insert(em, List.of(segment));
            em.flush();
            copy.ifPresent(volume -> CopyTable.add(em, id, UUID.fromString(volume)));
        });
    }

    @Override
    public boolean relocate(UUID id, UUID fromVolumeId, UUID toVolumeId) {
        return transactions.answer("move a chunk to another volume", em -> {
            ChunkRow row = em.find(ChunkRow.class, id.toString(), LockModeType.PESSIMISTIC_WRITE);
            if (row == null || !row.volumeId().equals(fromVolumeId.toString())) {
                return false;
            }
            row.volumeId(toVolumeId);
            // What was the copy there is the file itself now.
            CopyTable.forgetOn(em, id, toVolumeId);
            VolumeUsageRows.count(em, fromVolumeId.toString(), -row.sizeBytes(), -1);
            VolumeUsageRows.count(em, toVolumeId.toString(), row.sizeBytes(), 1);
            return true;
        });
    }

    @Override
    public void forEach(UUID volumeId, Consumer<StoredSegment> visitor) {
        String after = "";
        while (true) {
            String from = after;
            List<ChunkRow> page = reads.answer("list chunks", em -> ChunksOnVolume.page(em, volumeId, from, PAGE_ROWS));
            page.forEach(row -> visitor.accept(row.stored()));
            if (page.size() < PAGE_ROWS) {
                return;
            }
            after = page.get(page.size() - 1).path();
        }
    }

    @Override
    public Usage usage(UUID volumeId) {
        return reads.answer("read a volume's usage", em -> VolumeUsageRows.read(em, volumeId.toString()));
    }

    private static void add(Map<String, Usage> usages, String volumeId, long bytes) {
        usages.merge(
                volumeId, new Usage(bytes, 1), (a, b) -> new Usage(a.bytes() + b.bytes(), a.segments() + b.segments()));
    }

    @Override
    public void saveGaps(List<Gap> gaps) {
        transactions.run("save gaps", em -> GapRows.save(em, serverId, gaps));
    }

    @Override
    public List<Gap> findGaps(StreamId stream, long fromUs, long toUs, int limit) {
        return reads.answer("find gaps", em -> GapRows.find(em, stream, fromUs, toUs, limit));
    }

    @Override
    public List<Gap> findGaps(Collection<StreamId> streams, long fromUs, long toUs, long minUs, int limit) {
        return reads.answer("find gaps", em -> GapRows.find(em, streams, fromUs, toUs, minUs, limit));
    }

    @Override
    public List<Gap> openGaps() {
        return reads.answer("find open gaps", em -> GapRows.open(em, serverId));
    }

    @Override
    public void deleteGaps(List<UUID> ids) {
        if (!ids.isEmpty()) {
            transactions.run("remove gaps", em -> IdPages.of(texts(ids)).forEach(page -> GapRows.delete(em, page)));
        }
    }

    private static List<String> texts(List<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }
}
