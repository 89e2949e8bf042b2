// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.persistence.EntityManager;
import javax.persistence.Query;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Gap;

/** The gap ledger in {@code gap}; within a transaction of {@link ChunkTable}. */
final class GapRows {
    private GapRows() {}

    static void save(EntityManager em, UUID serverId, List<Gap> gaps) {
        List<FootageDays.Time> damage = new ArrayList<>();
        for (Gap gap : gaps) {
            if (gap.cause() == GapCause.FOOTAGE_DAMAGED) {
                Optional.ofNullable(em.find(GapRow.class, gap.id().toString()))
                        .ifPresent(before -> add(before.gap(), damage));
                add(gap, damage);
            }
            em.merge(new GapRow(serverId, gap));
        }
        FootageDays.damaged(em, damage);
    }

    private static void add(Gap gap, List<FootageDays.Time> times) {
        gap.toUs().ifPresent(toUs -> times.add(new FootageDays.Time(gap.stream(), gap.fromUs(), toUs)));
    }

    /** {@return gaps of damaged footage that overlap a range, by start} */
    static List<Gap> damage(EntityManager em, StreamId stream, long fromUs, long toUs) {
        return em.createQuery(
                        "select g from GapRow g where g.cameraId = :camera and g.stream = :stream"
                                + " and g.fromUs >= :earliest and g.fromUs < :to and g.toUs > :from and g.cause = :cause"
                                + " order by g.cameraId, g.stream, g.fromUs",
                        GapRow.class)
                .setParameter("camera", stream.cameraId().toString())
                .setParameter("stream", stream.role().id())
                .setParameter("earliest", fromUs - DAMAGE_US_MAX)
                .setParameter("to", toUs)
                .setParameter("from", fromUs)
                .setParameter("cause", GapCause.FOOTAGE_DAMAGED.name())
                .getResultStream()
                .map(GapRow::gap)
                .toList();
    }

    /** As {@link org.nxvms.platform.api.archive.ChunkIndex#findGaps(StreamId, long, long, int)}. */
    static List<Gap> find(EntityManager em, StreamId stream, long fromUs, long toUs, int limit) {
        return em.createQuery(
                        "select g from GapRow g where g.cameraId = :camera and g.stream = :stream and g.fromUs < :to"
                                + " and (g.toUs is null or g.toUs > :from) order by g.cameraId, g.stream, g.fromUs",
                        GapRow.class)
                .setParameter("camera", stream.cameraId().toString())
                .setParameter("stream", stream.role().id())
                .setParameter("from", fromUs)
                .setParameter("to", toUs)
                .setMaxResults(limit)
                .getResultStream()
                .map(GapRow::gap)
                .toList();
    }

    /**
     * As {@link org.nxvms.platform.api.archive.ChunkIndex#findGaps(Collection, long, long, long, int)}. A camera has
     * thousands of short gaps in a year. So long ones are found by their magnitude, and short ones by their start, in
     * ranges that do not hold many.
     */
    static List<Gap> find(
            EntityManager em, Collection<StreamId> streams, long fromUs, long toUs, long minUs, int limit) {
        boolean wide = toUs - fromUs > WIDE_US || toUs - fromUs < 0;
        int least = GapRow.magnitude(minUs);
        List<Gap> found = new ArrayList<>();
        for (StreamRole role : StreamRole.values()) {
            List<String> cameras = FootageDays.cameras(streams, role);
            if (cameras.isEmpty()) {
                continue;
            }
            // The sum keeps the planner from walking all gaps by their start.
            found.addAll(list(
                    em,
                    "g.magnitude >= ?2 and g.from_us + 0 < ?3 and (g.to_us is null or g.to_us > ?4)",
                    List.of(wide ? least : Math.max(least, LONG), toUs, fromUs),
                    cameras,
                    role,
                    limit));
            if (!wide && least < LONG) {
                found.addAll(list(
                        em,
                        "g.from_us > ?2 and g.from_us < ?3 and g.to_us > ?4 and g.magnitude + 0 < " + LONG,
                        List.of(fromUs - LONG_US, toUs, fromUs),
                        cameras,
                        role,
                        limit));
            }
        }
        return found.stream()
                .filter(gap -> gap.toUs().isEmpty() || gap.toUs().getAsLong() - gap.fromUs() >= minUs)
                .sorted(Comparator.comparing((Gap gap) -> gap.stream().cameraId())
                        .thenComparing(gap -> gap.stream().role())
                        .thenComparingLong(Gap::fromUs))
                .limit(limit)
                .toList();
    }

    /** Repair looks no further than an hour for what follows damage. */
    private static final long DAMAGE_US_MAX = TimeUnit.HOURS.toMicros(2);

    private static final long WIDE_US = TimeUnit.DAYS.toMicros(7);
    /** 18 hours and more. */
    private static final int LONG = 16;

    private static final long LONG_US = TimeUnit.SECONDS.toMicros(1L << LONG);

    /**
     * Of cameras in a list H2 reads all gaps, whatever else is asked; of those in a table that it joins only the gaps that the
     * rest of the condition lets it.
     *
     * @param bounds parameters 2, 3 and 4 of the condition
     */
    private static List<Gap> list(
            EntityManager em, String condition, List<Number> bounds, List<String> cameras, StreamRole role, int limit) {
        Query query =
                em.createNativeQuery("select g.id, g.camera_id, g.from_us, g.to_us, g.cause, g.detail from (values "
                        + FootageDays.rows(cameras.size()) + ") wanted (camera_id) join gap g"
                        + " on g.camera_id = wanted.camera_id and g.stream = ?1 and " + condition);
        query.setParameter(1, role.id());
        for (int i = 0; i < bounds.size(); i++) {
            query.setParameter(2 + i, bounds.get(i));
        }
        FootageDays.set(query, cameras);
        query.setMaxResults(limit);
        List<Gap> found = new ArrayList<>();
        for (Object each : query.getResultList()) {
            Object[] row = (Object[]) each;
            found.add(new Gap(
                    UUID.fromString((String) row[0]),
                    new StreamId(UUID.fromString((String) row[1]), role),
                    ((Number) row[2]).longValue(),
                    row[3] == null ? OptionalLong.empty() : OptionalLong.of(((Number) row[3]).longValue()),
                    GapRow.cause((String) row[4]),
                    (String) row[5]));
        }
        return found;
    }

    static List<Gap> open(EntityManager em, UUID serverId) {
        return em.createQuery("select g from GapRow g where g.serverId = :server and g.toUs is null", GapRow.class)
                .setParameter("server", serverId.toString())
                .getResultStream()
                .map(GapRow::gap)
                .toList();
    }

    static void delete(EntityManager em, List<String> ids) {
        List<FootageDays.Time> damage = new ArrayList<>();
        em.createQuery("select g from GapRow g where g.id in :ids and g.cause = :cause", GapRow.class)
                .setParameter("ids", ids)
                .setParameter("cause", GapCause.FOOTAGE_DAMAGED.name())
                .getResultList()
                .forEach(row -> add(row.gap(), damage));
        em.createQuery("delete from GapRow g where g.id in :ids")
                .setParameter("ids", ids)
                .executeUpdate();
        FootageDays.damaged(em, damage);
    }
}
