// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.persistence.EntityManager;
import javax.persistence.LockModeType;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.security.AccessStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Roles in {@code access_role}, grants in {@code access_grant}. */
@Component(service = AccessStore.class)
public final class AccessTable implements AccessStore {
    private static final Logger LOG = LoggerFactory.getLogger(AccessTable.class);

    /** Were somebody else to have the embedded database open after all, he would be heard of so late. */
    private static final long READ_AGAIN_NS = TimeUnit.SECONDS.toNanos(30);

    private final Transactions reads;
    private final RightsChanges changes;
    /** What holds until something changes; null when others may change it. */
    private volatile Read read;

    /** Users who may do nothing, as was last said; they are read every two seconds. */
    private volatile Set<String> told = Set.of();

    private final Transactions writes;

    /** @param changes as of before it was read */
    private record Read(StoredAccess access, long changes, long atNs) {}

    @Activate
    public AccessTable(
            @Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa,
            @Reference WriteBehind behind,
            @Reference RightsChanges changes) {
        this(Transactions.of(jpa), Transactions.of(jpa).writtenBy(behind), changes);
    }

    AccessTable(Transactions reads, Transactions writes, RightsChanges changes) {
        this.reads = reads;
        this.writes = changes.countedIn(writes);
        this.changes = changes;
    }

    @Override
    public StoredAccess load() {
        Read last = read;
        long now = changes.count();
        if (last != null && last.changes() == now && System.nanoTime() - last.atNs() < READ_AGAIN_NS) {
            return last.access();
        }
        long atNs = System.nanoTime();
        return reads.answer("load roles and grants", em -> {
            // Roles last: a role that came meanwhile is there for whoever was denied it.
            List<StoredGrant> grants = grants(em);
            Set<UUID> enrolled = em.createQuery("select t.userId from TotpRow t", String.class)
                    .getResultStream()
                    .map(UUID::fromString)
                    .collect(Collectors.toSet());
            List<StoredRole> roles = em.createQuery("select r from RoleRow r order by r.name", RoleRow.class)
                    .getResultStream()
                    .map(RoleRow::stored)
                    .toList();
            StoredAccess access = new StoredAccess(roles, grants, enrolled);
            read = RightsChanges.areAll(em) ? new Read(access, now, atNs) : null;
            return access;
        });
    }

    /**
     * One row that cannot be read must not keep all others from being read. Of grants it is left out; of denials nobody knows
     * what it takes away, so that its user has nothing until it is removed.
     */
    private List<StoredGrant> grants(EntityManager em) {
        List<StoredGrant> grants = new ArrayList<>();
        Map<String, GrantRow> closed = new TreeMap<>();
        for (GrantRow row : em.createQuery("select g from GrantRow g order by g.createdMs, g.id", GrantRow.class)
                .getResultList()) {
            try {
                grants.add(row.stored());
            } catch (IllegalArgumentException unknown) {
                LOG.debug("A grant of user {} cannot be read", row.userId(), unknown);
                if (row.denied()) {
                    closed.put(row.userId(), row);
                }
            }
        }
        closed.forEach((user, row) -> {
            grants.removeIf(grant -> grant.userId().toString().equals(user));
            grants.add(row.nothing(em.find(UserRow.class, user).role()));
        });
        if (!closed.keySet().equals(told)) {
            told = Set.copyOf(closed.keySet());
            LOG.warn("Users of whom a denial is of a kind that this version does not know may do nothing: {}", told);
        }
        return List.copyOf(grants);
    }

    @Override
    public Outcome insertRole(StoredRole role) {
        return writes.answer("add the role", em -> {
            if (em.find(RoleRow.class, role.name()) != null) {
                return Outcome.TAKEN;
            }
            em.persist(new RoleRow(role));
            return Outcome.DONE;
        });
    }

    @Override
    public Outcome updateRole(StoredRole role) {
        return writes.answer("change the role", em -> {
            RoleRow row = em.find(RoleRow.class, role.name(), LockModeType.PESSIMISTIC_WRITE);
            if (row == null) {
                return Outcome.ABSENT;
            }
            if (row.version() != role.version() - 1) {
                return Outcome.STALE;
            }
            row.take(role);
            return Outcome.DONE;
        });
    }

    /** Who gives the role to a user at this moment either is seen here, or finds the role gone (foreign keys). */
    @Override
    public Outcome deleteRole(String name) {
        return writes.answer("remove the role", em -> {
            RoleRow row = em.find(RoleRow.class, name, LockModeType.PESSIMISTIC_WRITE);
            if (row == null) {
                return Outcome.ABSENT;
            }
            long users = count(em, "select count(u) from UserRow u where u.role = :role", name);
            long grants = count(em, "select count(g) from GrantRow g where g.role = :role", name);
            if (users + grants > 0) {
                return Outcome.IN_USE;
            }
            em.remove(row);
            LayoutTable.removeOrphans(em);
            return Outcome.DONE;
        });
    }

    private static long count(EntityManager em, String query, String role) {
        return em.createQuery(query, Long.class).setParameter("role", role).getSingleResult();
    }

    @Override
    public Outcome insertGrant(StoredGrant grant) {
        return writes.answer("add the grant", em -> {
            RoleRow role = em.find(RoleRow.class, grant.role());
            UserRow user = em.find(UserRow.class, grant.userId().toString(), LockModeType.PESSIMISTIC_WRITE);
            if (role == null || user == null) {
                return Outcome.ABSENT;
            }
            boolean taken = em.createQuery(
                                    "select count(g) from GrantRow g where g.userId = :user and g.role = :role"
                                            + " and g.scope = :scope",
                                    Long.class)
                            .setParameter("user", grant.userId().toString())
                            .setParameter("role", grant.role())
                            .setParameter("scope", grant.scope().toString())
                            .getSingleResult()
                    > 0;
            if (taken) {
                return Outcome.TAKEN;
            }
            em.persist(new GrantRow(grant));
            return Outcome.DONE;
        });
    }

    @Override
    public boolean deleteGrant(UUID userId, UUID id) {
        return writes.answer(
                "remove the grant",
                em -> em.createQuery("delete from GrantRow g where g.id = :id and g.userId = :user")
                                .setParameter("id", id.toString())
                                .setParameter("user", userId.toString())
                                .executeUpdate()
                        == 1);
    }
}
