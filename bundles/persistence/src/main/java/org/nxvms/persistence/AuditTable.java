// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.persistence.TypedQuery;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Audit entries in {@code audit_entry}: nothing here changes one, and none goes but from the beginning of a chain on. */
@Component(service = AuditStore.class)
public final class AuditTable implements AuditStore {
    private static final String FAMILY = ".*";

    private final Transactions transactions;

    @Activate
    public AuditTable(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind));
    }

    AuditTable(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void append(List<AuditEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        transactions.run("store audit entries", em -> entries.forEach(entry -> em.persist(new AuditRow(entry))));
        // Where the chain ends is noted outside the database next: that must never be ahead of it after a power cut.
        UUID server = entries.get(0).serverId();
        transactions.run("write audit entries to the disk", em -> DurableCommits.make(em, server));
    }

    @Override
    public List<AuditEntry> after(UUID serverId, long sequence, int limit) {
        return transactions.answer(
                "read the audit",
                em -> entries(em.createQuery(
                                "select a from AuditRow a where a.serverId = :server and a.sequence > :sequence"
                                        + " order by a.sequence",
                                AuditRow.class)
                        .setParameter("server", serverId.toString())
                        .setParameter("sequence", sequence)
                        .setMaxResults(limit)));
    }

    @Override
    public Optional<AuditEntry> last(UUID serverId) {
        return transactions.answer("find the last audit entry", em -> entries(em.createQuery(
                                "select a from AuditRow a where a.serverId = :server order by a.sequence desc",
                                AuditRow.class)
                        .setParameter("server", serverId.toString())
                        .setMaxResults(1))
                .stream()
                .findFirst());
    }

    @Override
    public Map<UUID, Long> counts() {
        return transactions.answer("count the audit", em -> {
            Map<UUID, Long> counts = new HashMap<>();
            em.createQuery("select a.serverId, count(a.sequence) from AuditRow a group by a.serverId", Object[].class)
                    .getResultStream()
                    .forEach(row -> counts.merge(AuditRow.id((String) row[0]), (Long) row[1], Long::sum));
            return counts;
        });
    }

    @Override
    public void removeUpTo(UUID serverId, long sequence) {
        transactions.run("remove old audit entries", em -> em.createQuery(
                        "delete from AuditRow a where a.serverId = :server and a.sequence <= :sequence")
                .setParameter("server", serverId.toString())
                .setParameter("sequence", sequence)
                .executeUpdate());
    }

    @Override
    public List<AuditEntry> find(Query query) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        query.from().map(Instant::toEpochMilli).ifPresent(ms -> {
            conditions.add("a.atMs >= :from");
            values.put("from", ms);
        });
        query.to().map(Instant::toEpochMilli).ifPresent(ms -> {
            conditions.add("a.atMs < :to");
            values.put("to", ms);
        });
        query.user().ifPresent(name -> {
            conditions.add("a.actorKey = :actor");
            values.put("actor", AuditRow.key(name));
        });
        query.action().ifPresent(action -> {
            boolean family = action.endsWith(FAMILY);
            conditions.add(family ? "a.action like :action" : "a.action = :action");
            values.put("action", family ? action.substring(0, action.length() - 1) + "%" : action);
        });
        query.address().ifPresent(address -> {
            conditions.add("a.address = :address");
            values.put("address", address);
        });
        query.before().ifPresent(place -> {
            conditions.add("(a.atMs < :ms or a.atMs = :ms and (a.serverId < :server"
                    + " or a.serverId = :server and a.sequence < :sequence))");
            values.put("ms", place.at().toEpochMilli());
            values.put("server", place.serverId().toString());
            values.put("sequence", place.sequence());
        });
        String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        return transactions.answer("find audit entries", em -> {
            TypedQuery<AuditRow> found = em.createQuery(
                    "select a from AuditRow a" + where + " order by a.atMs desc, a.serverId desc, a.sequence desc",
                    AuditRow.class);
            values.forEach(found::setParameter);
            return entries(found.setMaxResults(query.limit()));
        });
    }

    private static List<AuditEntry> entries(TypedQuery<AuditRow> query) {
        return query.getResultList().stream().map(AuditRow::entry).toList();
    }
}
