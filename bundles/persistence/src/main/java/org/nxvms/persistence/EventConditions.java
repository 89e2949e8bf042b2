// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.persistence.EntityManager;
import javax.persistence.TypedQuery;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;

/** A query for a page of events, as JPQL. Says the same as {@link EventFilter#fits}. */
final class EventConditions {
    private static final String IN_ORDER = " order by e.startUs desc, e.id desc";
    private static final String AFTER = "after";

    private final List<String> shared = new ArrayList<>();
    private final Map<String, Object> values = new TreeMap<>();
    private final EventFilter filter;

    EventConditions(EventQuery query) {
        filter = query.filter();
        query.after().ifPresent(after -> {
            shared.add("(e.startUs < :after or (e.startUs = :after and e.id < :afterId))");
            values.put(AFTER, after.startUs());
            values.put("afterId", after.id().toString());
        });
        if (filter.toUs().isPresent()) {
            shared.add("e.startUs < :to");
            values.put("to", filter.toUs().getAsLong());
        }
        if (!filter.cameras().isEmpty()) {
            shared.add("e.cameraId in :cameras");
            values.put("cameras", filter.cameras().stream().map(UUID::toString).toList());
        }
        if (filter.severityMin() != EventSeverity.INFO) {
            shared.add("e.severity >= :severity");
            values.put("severity", EventRow.rank(filter.severityMin()));
        }
        kinds();
    }

    private void kinds() {
        List<String> whole = new ArrayList<>();
        List<String> either = new ArrayList<>();
        for (String kind : filter.kinds()) {
            if (kind.endsWith("*")) {
                String name = "family" + either.size();
                either.add("e.kind like :" + name + " escape '!'");
                values.put(name, kind.substring(0, kind.length() - 1).replace("_", "!_") + "%");
            } else {
                whole.add(kind);
            }
        }
        if (!whole.isEmpty()) {
            either.add("e.kind in :kinds");
            values.put("kinds", whole);
        }
        if (!either.isEmpty()) {
            shared.add("(" + String.join(" or ", either) + ")");
        }
    }

    /** What starts in the range, or so little before it that a state of common length reaches into it. */
    List<EventRow> near(EntityManager em, int limit) {
        if (filter.fromUs().isEmpty()) {
            return run(em, List.of(), Map.of(), limit);
        }
        long from = filter.fromUs().getAsLong();
        return run(
                em,
                List.of("e.startUs >= :earliest", "(e.startUs >= :from or e.endUs > :from or e.endUs is null)"),
                Map.of("earliest", earliest(from), "from", from),
                limit);
    }

    /** Long states from before. */
    List<EventRow> lasting(EntityManager em, int limit) {
        long from = filter.fromUs().orElseThrow();
        return run(
                em,
                List.of("e.lasting = 1", "e.startUs < :earliest", "(e.endUs > :from or e.endUs is null)"),
                Map.of("earliest", earliest(from), "from", from),
                limit);
    }

    /** What is over, and where the newest change stands. */
    long countSettled(EntityManager em, UUID serverId, long afterSequence, long throughSequence) {
        List<String> all = new ArrayList<>(shared);
        all.add("e.serverId = :server");
        all.add("e.sequence > :afterSequence");
        all.add("e.sequence <= :throughSequence");
        all.add("e.endUs is not null");
        TypedQuery<Long> query =
                em.createQuery("select count(e) from EventRow e where " + String.join(" and ", all), Long.class);
        values.forEach(query::setParameter);
        return query.setParameter("server", serverId.toString())
                .setParameter("afterSequence", afterSequence)
                .setParameter("throughSequence", throughSequence)
                .getSingleResult();
    }

    private static long earliest(long fromUs) {
        return Math.max(fromUs, Long.MIN_VALUE + EventRow.LASTING_US_MIN) - EventRow.LASTING_US_MIN;
    }

    private List<EventRow> run(EntityManager em, List<String> more, Map<String, Object> moreValues, int limit) {
        List<String> all = new ArrayList<>(shared);
        all.addAll(more);
        String where = all.isEmpty() ? "" : " where " + String.join(" and ", all);
        TypedQuery<EventRow> query = em.createQuery("select e from EventRow e" + where + IN_ORDER, EventRow.class);
        values.forEach(query::setParameter);
        moreValues.forEach(query::setParameter);
        return query.setMaxResults(limit).getResultList();
    }
}
