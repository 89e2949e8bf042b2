// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import javax.persistence.EntityManager;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Events in the table {@code event}. */
@Component(service = EventStore.class)
public final class EventTable implements EventStore {
    private final Transactions transactions;

    @Activate
    public EventTable(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind));
    }

    EventTable(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public int save(List<Event> events) {
        if (events.isEmpty()) {
            return 0;
        }
        Map<String, Event> newest = new LinkedHashMap<>();
        for (Event event : events) {
            newest.merge(event.id().toString(), event, (a, b) -> a.sequence() >= b.sequence() ? a : b);
        }
        return transactions.answer("store events", em -> {
            Map<String, Event> fresh = new LinkedHashMap<>(newest);
            for (List<String> ids : IdPages.of(List.copyOf(newest.keySet()))) {
                for (EventRow row : em.createQuery("select e from EventRow e where e.id in :ids", EventRow.class)
                        .setParameter("ids", ids)
                        .getResultList()) {
                    Event event = fresh.remove(row.id());
                    if (row.sequence() < event.sequence()) {
                        row.take(event);
                    }
                }
            }
            fresh.values().forEach(event -> em.persist(new EventRow(event)));
            return fresh.size();
        });
    }

    /**
     * What starts in the range or at most an hour before it is one stretch of an index. What began earlier and reaches
     * into the range is a state that lasted long: few, all older than the others, so they come last.
     */
    @Override
    public List<Event> find(EventQuery query) {
        return transactions.answer("find events", em -> {
            EventConditions conditions = new EventConditions(query);
            List<Event> found = new ArrayList<>(page(conditions.near(em, query.limit())));
            if (found.size() < query.limit() && query.filter().fromUs().isPresent()) {
                found.addAll(page(conditions.lasting(em, query.limit() - found.size())));
            }
            return List.copyOf(found);
        });
    }

    private static List<Event> page(List<EventRow> rows) {
        return rows.stream().map(EventRow::event).toList();
    }

    @Override
    public Optional<Event> get(UUID id) {
        return transactions.answer("find an event", em -> Optional.ofNullable(em.find(EventRow.class, id.toString()))
                .map(EventRow::event));
    }

    @Override
    public List<Event> changesAfter(UUID serverId, long sequence, int limit) {
        return transactions.answer(
                "follow events",
                em -> page(em.createQuery(
                                "select e from EventRow e where e.serverId = :server and e.sequence > :sequence"
                                        + " order by e.serverId, e.sequence",
                                EventRow.class)
                        .setParameter("server", serverId.toString())
                        .setParameter("sequence", sequence)
                        .setMaxResults(limit)
                        .getResultList()));
    }

    @Override
    public long countSettled(UUID serverId, EventFilter filter, long afterSequence, long throughSequence) {
        EventFilter timeless = new EventFilter(
                OptionalLong.empty(), OptionalLong.empty(), filter.kinds(), filter.cameras(), filter.severityMin());
        return transactions.answer(
                "count events", em -> new EventConditions(new EventQuery(timeless, Optional.empty(), 1))
                        .countSettled(em, serverId, afterSequence, throughSequence));
    }

    @Override
    public List<Event> open(UUID serverId, int limit) {
        return transactions.answer(
                "find open events",
                em -> page(em.createQuery(
                                "select e from EventRow e where e.lasting = 1 and e.endUs is null and e.serverId = :server"
                                        + " order by e.startUs, e.id",
                                EventRow.class)
                        .setParameter("server", serverId.toString())
                        .setMaxResults(limit)
                        .getResultList()));
    }

    @Override
    public OptionalLong lastSequence(UUID serverId) {
        return transactions.answer("find the last event", em -> ofServer(em, "select max(e.sequence)", serverId));
    }

    @Override
    public OptionalLong firstSequence(UUID serverId) {
        return changesAfter(serverId, Long.MIN_VALUE, 1).stream()
                .mapToLong(Event::sequence)
                .findFirst();
    }

    @Override
    public long count(UUID serverId) {
        return transactions.answer(
                "count events", em -> ofServer(em, "select count(e)", serverId).orElse(0));
    }

    private static OptionalLong ofServer(EntityManager em, String select, UUID serverId) {
        Long answer = em.createQuery(select + " from EventRow e where e.serverId = :server", Long.class)
                .setParameter("server", serverId.toString())
                .getSingleResult();
        return answer == null ? OptionalLong.empty() : OptionalLong.of(answer);
    }

    @Override
    public int deleteOldest(UUID serverId, long beforeUs, int limit) {
        return transactions.answer("remove old events", em -> {
            List<String> ids = em.createQuery(
                            "select e.id from EventRow e where e.serverId = :server and e.startUs < :before"
                                    + " and e.endUs is not null order by e.serverId, e.startUs",
                            String.class)
                    .setParameter("server", serverId.toString())
                    .setParameter("before", beforeUs)
                    .setMaxResults(limit)
                    .getResultList();
            for (List<String> some : IdPages.of(ids)) {
                em.createQuery("delete from EventRow e where e.id in :ids")
                        .setParameter("ids", some)
                        .executeUpdate();
            }
            return ids.size();
        });
    }
}
