// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.persistence.EntityManager;
import javax.persistence.LockModeType;
import javax.persistence.TypedQuery;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.layout.Layout;
import org.nxvms.platform.api.layout.LayoutQuery;
import org.nxvms.platform.api.layout.LayoutStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Layouts in {@code layout}, the roles they are shared with in {@code layout_role}. */
@Component(service = LayoutStore.class)
public final class LayoutTable implements LayoutStore {
    private final Transactions transactions;
    private final int ownedMax;

    @Activate
    public LayoutTable(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind), OWNED_MAX);
    }

    LayoutTable(Transactions transactions, int ownedMax) {
        this.transactions = transactions;
        this.ownedMax = ownedMax;
    }

    /** Of owners who are gone those that nobody else sees; by whoever takes away a user, a role or a share. */
    static void removeOrphans(EntityManager em) {
        // What JPA has not written yet counts too.
        em.flush();
        em.createQuery("delete from LayoutRow l where l.ownerId not in (select u.id from UserRow u)"
                        + " and l.id not in (select r.layoutId from LayoutRoleRow r)")
                .executeUpdate();
    }

    @Override
    public Outcome insert(Layout layout) {
        return transactions.answer("add the layout", em -> {
            lockOwner(em, layout);
            long owned = em.createQuery("select count(l) from LayoutRow l where l.ownerId = :owner", Long.class)
                    .setParameter("owner", layout.ownerId().toString())
                    .getSingleResult();
            Optional<Outcome> refused = refused(em, layout);
            if (refused.isPresent()) {
                return refused.get();
            }
            if (owned >= ownedMax) {
                return Outcome.FULL;
            }
            em.persist(new LayoutRow(layout));
            // The rows below refer to it, which JPA does not know.
            em.flush();
            addRoles(em, layout);
            return Outcome.DONE;
        });
    }

    /** Two at once would find the same name free. */
    private static void lockOwner(EntityManager em, Layout layout) {
        em.find(UserRow.class, layout.ownerId().toString(), LockModeType.PESSIMISTIC_WRITE);
    }

    private static Optional<Outcome> refused(EntityManager em, Layout layout) {
        long named = em.createQuery(
                        "select count(l) from LayoutRow l where l.ownerId = :owner and l.name = :name and l.id <> :id",
                        Long.class)
                .setParameter("owner", layout.ownerId().toString())
                .setParameter("name", layout.name())
                .setParameter("id", layout.id().toString())
                .getSingleResult();
        if (named > 0) {
            return Optional.of(Outcome.TAKEN);
        }
        boolean known = layout.roles().stream().allMatch(role -> em.find(RoleRow.class, role) != null);
        return known ? Optional.empty() : Optional.of(Outcome.NO_ROLE);
    }

    private static void addRoles(EntityManager em, Layout layout) {
        layout.roles().forEach(role -> em.persist(new LayoutRoleRow(layout.id().toString(), role)));
    }

    @Override
    public Optional<Layout> get(UUID id) {
        return transactions.reading().answer("find a layout", em -> {
            LayoutRow row = em.find(LayoutRow.class, id.toString());
            return row == null
                    ? Optional.empty()
                    : whole(em, List.of(row)).stream().findFirst();
        });
    }

    @Override
    public Outcome update(Layout layout) {
        return transactions.answer("change the layout", em -> {
            lockOwner(em, layout);
            String id = layout.id().toString();
            LayoutRow row = em.find(LayoutRow.class, id, LockModeType.PESSIMISTIC_WRITE);
            if (row == null || row.version() != layout.version() - 1) {
                return Outcome.STALE;
            }
            Optional<Outcome> refused = refused(em, layout);
            if (refused.isPresent()) {
                return refused.get();
            }
            row.take(layout);
            em.createQuery("delete from LayoutRoleRow r where r.layoutId = :id")
                    .setParameter("id", id)
                    .executeUpdate();
            addRoles(em, layout);
            removeOrphans(em);
            return Outcome.DONE;
        });
    }

    @Override
    public boolean delete(UUID id, long version) {
        return transactions.answer("remove the layout", em -> {
            LayoutRow row = em.find(LayoutRow.class, id.toString(), LockModeType.PESSIMISTIC_WRITE);
            if (row == null || row.version() != version) {
                return false;
            }
            em.remove(row);
            return true;
        });
    }

    @Override
    public List<Layout> find(LayoutQuery query) {
        return transactions.reading().answer("find layouts", em -> whole(em, rows(em, query)));
    }

    private static List<LayoutRow> rows(EntityManager em, LayoutQuery query) {
        Map<String, Object> values = new TreeMap<>();
        values.put("owner", query.userId().toString());
        String seen = "l.ownerId = :owner";
        if (query.allShared()) {
            seen += " or l.id in (select r.layoutId from LayoutRoleRow r)";
        } else if (!query.roles().isEmpty()) {
            seen += " or l.id in (select r.layoutId from LayoutRoleRow r where r.role in :roles)";
            values.put("roles", query.roles());
        }
        String behind = "";
        if (query.after().isPresent()) {
            behind = " and (l.createdMs > :after or (l.createdMs = :after and l.id > :afterId))";
            values.put("after", query.after().get().createdUs() / 1_000);
            values.put("afterId", query.after().get().id().toString());
        }
        TypedQuery<LayoutRow> rows = em.createQuery(
                "select l from LayoutRow l where (" + seen + ")" + behind + " order by l.createdMs, l.id",
                LayoutRow.class);
        values.forEach(rows::setParameter);
        return rows.setMaxResults(query.limit()).getResultList();
    }

    /** With their roles, in one question however many they are. */
    private static List<Layout> whole(EntityManager em, List<LayoutRow> rows) {
        Map<String, Set<String>> roles = new HashMap<>();
        for (List<String> ids : IdPages.of(rows.stream().map(LayoutRow::id).toList())) {
            em.createQuery("select r from LayoutRoleRow r where r.layoutId in :ids", LayoutRoleRow.class)
                    .setParameter("ids", ids)
                    .getResultList()
                    .forEach(row -> roles.computeIfAbsent(row.layoutId(), none -> new TreeSet<>())
                            .add(row.role()));
        }
        return rows.stream()
                .map(row -> row.layout(roles.getOrDefault(row.id(), Set.of())))
                .toList();
    }
}
