// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.persistence.EntityManager;
import javax.persistence.Query;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.TimeSpans;

/**
 * Per stream and UTC day the time with footage, in {@code footage_day}. Changed in the transaction that changes the chunk
 * rows, with the day's row locked first, so that it is always what the rows say.
 */
final class FootageDays {
    private static final Comparator<Day> ORDER = Comparator.comparing(
                    (Day day) -> day.stream().cameraId().toString())
            .thenComparing(day -> day.stream().role())
            .thenComparing(Day::number);

    private FootageDays() {}

    private record Day(StreamId stream, long number) {
        long fromUs() {
            return number * DayText.DAY_US;
        }

        long toUs() {
            return fromUs() + DayText.DAY_US;
        }
    }

    /** A chunk's time, or that of a gap within one, as it is added or removed. */
    record Time(StreamId stream, long startUs, long endUs) {}

    /** The rows of these chunks were added. */
    static void added(EntityManager em, List<Time> chunks) {
        Map<Day, List<Time>> touched = new TreeMap<>(ORDER);
        for (Time chunk : chunks) {
            for (Day day : days(chunk)) {
                touched.computeIfAbsent(day, none -> new ArrayList<>()).add(chunk);
            }
        }
        touched.forEach((day, more) -> {
            Optional<TimeSpans> known = locked(em, day);
            List<Gap> damage = GapRows.damage(em, day.stream(), day.fromUs(), day.toUs());
            Optional<TimeSpans> grown =
                    known.filter(spans -> damage.isEmpty()).flatMap(spans -> grown(day, spans, more));
            write(em, day, grown.orElseGet(() -> fromRows(em, day, damage)), known.isPresent());
        });
    }

    /** The rows of these chunks were removed. */
    static void removed(EntityManager em, List<Time> chunks) {
        anew(em, chunks);
    }

    /** Gaps within chunks came or went. */
    static void damaged(EntityManager em, List<Time> gaps) {
        anew(em, gaps);
    }

    private static void anew(EntityManager em, List<Time> times) {
        TreeSet<Day> touched = new TreeSet<>(ORDER);
        times.forEach(time -> touched.addAll(days(time)));
        for (Day day : touched) {
            boolean known = locked(em, day).isPresent();
            write(em, day, fromRows(em, day), known);
        }
    }

    private static List<Day> days(Time chunk) {
        List<Day> days = new ArrayList<>();
        long first = Math.floorDiv(chunk.startUs(), DayText.DAY_US);
        for (long day = first; day * DayText.DAY_US < chunk.endUs(); day++) {
            days.add(new Day(chunk.stream(), day));
        }
        return days;
    }

    /** What is usual: new chunks follow the last one. {@return empty when one lies before it} */
    private static Optional<TimeSpans> grown(Day day, TimeSpans spans, List<Time> chunks) {
        List<Time> inOrder =
                chunks.stream().sorted(Comparator.comparingLong(Time::startUs)).toList();
        long lastFromUs = spans.count() == 0 ? Long.MIN_VALUE : spans.fromUs(spans.count() - 1);
        if (Math.max(day.fromUs(), inOrder.get(0).startUs()) < lastFromUs) {
            return Optional.empty();
        }
        inOrder.forEach(chunk -> add(spans, day, chunk.startUs(), chunk.endUs()));
        return Optional.of(spans);
    }

    private static void add(TimeSpans spans, Day day, long startUs, long endUs) {
        spans.add(Math.max(day.fromUs(), startUs), Math.min(day.toUs(), endUs), TimeSpans.JOIN_US);
    }

    private static TimeSpans fromRows(EntityManager em, Day day) {
        return fromRows(em, day, GapRows.damage(em, day.stream(), day.fromUs(), day.toUs()));
    }

    /** @param damage gaps within chunks of that day, by start */
    private static TimeSpans fromRows(EntityManager em, Day day, List<Gap> damage) {
        List<Archive.TimeRange> left = new ArrayList<>();
        em.createQuery(
                        "select c.id, c.startUs, c.endUs from ChunkRow c where c.cameraId = :camera and c.stream = :stream"
                                + " and c.startUs >= :earliest and c.startUs < :to and c.endUs > :from"
                                + " order by c.cameraId, c.stream, c.startUs",
                        Object[].class)
                .setParameter("camera", day.stream().cameraId().toString())
                .setParameter("stream", day.stream().role().id())
                .setParameter("earliest", ChunkTable.earliestStartUs(em, day.stream(), day.fromUs()))
                .setParameter("from", day.fromUs())
                .setParameter("to", day.toUs())
                .getResultList()
                .forEach(row -> left(UUID.fromString((String) row[0]), (Long) row[1], (Long) row[2], damage, left));
        if (!damage.isEmpty()) {
            // What is left of one chunk may begin behind the beginning of the next.
            left.sort(Comparator.comparingLong(Archive.TimeRange::fromUs));
        }
        TimeSpans spans = new TimeSpans();
        left.forEach(range -> add(spans, day, range.fromUs(), range.toUs()));
        return spans;
    }

    /** Adds what gaps within a chunk leave of it. */
    private static void left(UUID chunk, long startUs, long endUs, List<Gap> damage, List<Archive.TimeRange> left) {
        long at = startUs;
        for (Gap gap : damage) {
            if (gap.isWithin(chunk) && gap.toUs().isPresent()) {
                if (gap.fromUs() > at) {
                    left.add(new Archive.TimeRange(at, Math.min(gap.fromUs(), endUs)));
                }
                at = Math.max(at, gap.toUs().getAsLong());
            }
        }
        if (at < endUs) {
            left.add(new Archive.TimeRange(at, endUs));
        }
    }

    private static Optional<TimeSpans> locked(EntityManager em, Day day) {
        List<?> rows = of(em.createNativeQuery("select spans from footage_day where " + KEY + " for update"), day)
                .getResultList();
        return rows.stream().findFirst().map(text -> {
            TimeSpans spans = new TimeSpans();
            DayText.read(day.number(), (String) text, Long.MIN_VALUE, Long.MAX_VALUE, spans);
            return spans;
        });
    }

    private static final String KEY = "camera_id = ?1 and stream = ?2 and day_number = ?3";

    private static Query of(Query query, Day day) {
        return query.setParameter(1, day.stream().cameraId().toString())
                .setParameter(2, day.stream().role().id())
                .setParameter(3, day.number());
    }

    private static void write(EntityManager em, Day day, TimeSpans spans, boolean known) {
        if (spans.count() == 0) {
            of(em.createNativeQuery("delete from footage_day where " + KEY), day)
                    .executeUpdate();
            return;
        }
        String statement = known
                ? "update footage_day set first_us = ?4, last_us = ?5, spans = ?6 where " + KEY
                : "insert into footage_day (camera_id, stream, day_number, first_us, last_us, spans)"
                        + " values (?1, ?2, ?3, ?4, ?5, ?6)";
        of(em.createNativeQuery(statement), day)
                .setParameter(4, spans.fromUs(0))
                .setParameter(5, spans.toUs(spans.count() - 1))
                .setParameter(6, DayText.write(day.number(), spans))
                .executeUpdate();
    }

    static Map<StreamId, TimeSpans> footage(EntityManager em, Collection<StreamId> streams, long fromUs, long toUs) {
        Map<StreamId, TimeSpans> found = new HashMap<>();
        for (StreamRole role : StreamRole.values()) {
            List<String> cameras = cameras(streams, role);
            if (cameras.isEmpty()) {
                continue;
            }
            // As in GapRows: a table of cameras, since of a list of them H2 reads all days.
            Query query = em.createNativeQuery("select d.camera_id, d.day_number, d.spans from (values "
                    + rows(cameras.size()) + ") wanted (camera_id) join footage_day d"
                    + " on d.camera_id = wanted.camera_id and d.stream = ?1 and d.day_number >= ?2 and d.day_number <= ?3"
                    + " order by d.camera_id, d.stream, d.day_number");
            query.setParameter(1, role.id());
            query.setParameter(2, Math.floorDiv(fromUs, DayText.DAY_US));
            query.setParameter(3, Math.floorDiv(toUs, DayText.DAY_US));
            set(query, cameras);
            Map<String, StreamId> ids = byCamera(streams, role);
            for (Object each : query.getResultList()) {
                Object[] row = (Object[]) each;
                TimeSpans spans = found.computeIfAbsent(ids.get((String) row[0]), none -> new TimeSpans());
                DayText.read(((Number) row[1]).longValue(), (String) row[2], fromUs, toUs, spans);
            }
        }
        found.values().removeIf(spans -> spans.count() == 0);
        return found;
    }

    static Map<StreamId, Archive.TimeRange> ranges(EntityManager em, Collection<StreamId> streams) {
        Map<StreamId, Archive.TimeRange> found = new HashMap<>();
        for (StreamRole role : StreamRole.values()) {
            List<String> cameras = cameras(streams, role);
            if (cameras.isEmpty()) {
                continue;
            }
            // One step along an index of the chunks for each end; of the days all would be read.
            Query query = em.createNativeQuery("select wanted.camera_id,"
                    + " (select c.start_us from chunk c where " + OF_WANTED
                    + " order by c.camera_id, c.stream, c.start_us fetch first 1 rows only),"
                    + " (select c.end_us from chunk c where " + OF_WANTED
                    + " order by c.camera_id, c.stream, c.end_us desc fetch first 1 rows only)"
                    + " from (values " + rows(cameras.size()) + ") wanted (camera_id)");
            query.setParameter(1, role.id());
            set(query, cameras);
            Map<String, StreamId> ids = byCamera(streams, role);
            for (Object each : query.getResultList()) {
                Object[] row = (Object[]) each;
                if (row[1] != null) {
                    found.put(
                            ids.get((String) row[0]),
                            new Archive.TimeRange(((Number) row[1]).longValue(), ((Number) row[2]).longValue()));
                }
            }
        }
        return found;
    }

    private static final int FIRST_CAMERA = 5;
    private static final String OF_WANTED = "c.camera_id = wanted.camera_id and c.stream = ?1";

    /** {@return cameras as the rows of a table, one column wide} */
    static String rows(int count) {
        return IntStream.range(FIRST_CAMERA, FIRST_CAMERA + count)
                .mapToObj(i -> "(cast(?" + i + " as varchar(36)))")
                .collect(Collectors.joining(","));
    }

    static void set(Query query, List<String> cameras) {
        for (int i = 0; i < cameras.size(); i++) {
            query.setParameter(FIRST_CAMERA + i, cameras.get(i));
        }
    }

    static List<String> cameras(Collection<StreamId> streams, StreamRole role) {
        return streams.stream()
                .filter(stream -> stream.role() == role)
                .map(stream -> stream.cameraId().toString())
                .distinct()
                .toList();
    }

    private static Map<String, StreamId> byCamera(Collection<StreamId> streams, StreamRole role) {
        Map<String, StreamId> ids = new LinkedHashMap<>();
        streams.stream()
                .filter(stream -> stream.role() == role)
                .forEach(stream -> ids.put(stream.cameraId().toString(), stream));
        return ids;
    }

    /** {@return first and last day of which there is a row or a roll-up} */
    static Optional<Archive.TimeRange> daysToCheck(
            EntityManager em, StreamId stream, Optional<Archive.TimeRange> rows) {
        List<?> found = em.createNativeQuery(
                        "select min(day_number), max(day_number) from footage_day where camera_id = ?1 and stream = ?2")
                .setParameter(1, stream.cameraId().toString())
                .setParameter(2, stream.role().id())
                .getResultList();
        Object[] days = (Object[]) found.get(0);
        Optional<Archive.TimeRange> rolled = days[0] == null
                ? Optional.empty()
                : Optional.of(new Archive.TimeRange(((Number) days[0]).longValue(), ((Number) days[1]).longValue()));
        Optional<Archive.TimeRange> recorded = rows.map(range -> new Archive.TimeRange(
                Math.floorDiv(range.fromUs(), DayText.DAY_US), Math.floorDiv(range.toUs(), DayText.DAY_US)));
        return Stream.of(rolled, recorded)
                .flatMap(Optional::stream)
                .reduce((a, b) ->
                        new Archive.TimeRange(Math.min(a.fromUs(), b.fromUs()), Math.max(a.toUs(), b.toUs())));
    }

    /** Compares one day with its rows, in a transaction of its own; {@return whether it differs, or did} */
    static boolean check(EntityManager em, StreamId stream, long number, boolean repair) {
        Day day = new Day(stream, number);
        Optional<TimeSpans> known = locked(em, day);
        TimeSpans rows = fromRows(em, day);
        boolean same = known.map(rows::equals).orElse(rows.count() == 0);
        if (!same && repair) {
            write(em, day, rows, known.isPresent());
        }
        return !same;
    }
}
