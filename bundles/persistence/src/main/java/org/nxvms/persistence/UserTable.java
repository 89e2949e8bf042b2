// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.persistence.EntityManager;
import javax.persistence.LockModeType;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.security.UserStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Users in {@code app_user}, their sessions in {@code user_session} and {@code refresh_token}. */
@Component(service = UserStore.class)
public final class UserTable implements UserStore {
    private final Transactions transactions;
    private final Transactions reads;

    @Activate
    public UserTable(
            @Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa,
            @Reference WriteBehind behind,
            @Reference RightsChanges changes) {
        // Who is removed takes his grants along.
        this(changes.countedIn(Transactions.of(jpa).writtenBy(behind)));
    }

    UserTable(Transactions transactions) {
        this.transactions = transactions;
        this.reads = transactions.reading();
    }

    @Override
    public List<StoredUser> users() {
        return reads.answer(
                "load the users", em -> em.createQuery("select u from UserRow u order by u.usernameKey", UserRow.class)
                        .getResultStream()
                        .map(UserRow::stored)
                        .toList());
    }

    @Override
    public boolean insert(StoredUser user) {
        return transactions.answer("add the user", em -> {
            // Names of before may have been keyed by lower case alone.
            String lower = user.username().toLowerCase(Locale.ROOT);
            long taken = em.createQuery(
                            "select count(u) from UserRow u where u.usernameKey in (:key, :lower)", Long.class)
                    .setParameter("key", UserStore.nameKey(user.username()))
                    .setParameter("lower", lower)
                    .getSingleResult();
            boolean free =
                    taken == 0 && user.origin().filter(of -> isKnown(em, of)).isEmpty();
            if (free) {
                em.persist(new UserRow(user));
            }
            return free;
        });
    }

    private static boolean isKnown(EntityManager em, Origin origin) {
        return em.createQuery(
                                "select count(u) from UserRow u where u.provider = :provider and u.subject = :subject",
                                Long.class)
                        .setParameter("provider", origin.provider())
                        .setParameter("subject", origin.subject())
                        .getSingleResult()
                > 0;
    }

    @Override
    public boolean update(StoredUser user, Optional<UUID> keptSession) {
        boolean[] withdrawn = new boolean[1];
        boolean found = transactions.answer("change the user", em -> {
            UserRow row = locked(em, user.id());
            if (row == null || row.tokenEpoch() > user.tokenEpoch()) {
                return false;
            }
            withdrawn[0] = row.tokenEpoch() < user.tokenEpoch();
            row.takeSecrets(user);
            if (withdrawn[0]) {
                endAll(em, user.id(), keptSession);
            }
            return true;
        });
        if (withdrawn[0]) {
            toDisk();
        }
        return found;
    }

    /** Whoever begins a session and whoever withdraws all of a user's wait for one another. */
    private static UserRow locked(EntityManager em, UUID user) {
        return em.find(UserRow.class, user.toString(), LockModeType.PESSIMISTIC_WRITE);
    }

    /** What is withdrawn must not be good again after a kill. */
    private void toDisk() {
        transactions.run("write to the disk what was withdrawn", DurableCommits::flush);
    }

    @Override
    public Outcome change(UUID id, Optional<String> role, Optional<Boolean> disabled) {
        Outcome outcome = transactions.answer("change the user", em -> {
            lockAdministrators(em);
            UserRow row = locked(em, id);
            if (row == null) {
                return Outcome.ABSENT;
            }
            StoredUser before = row.stored();
            StoredUser after =
                    before.withRole(role.orElse(before.role())).withDisabled(disabled.orElse(before.disabled()));
            boolean stays = after.role().equals(ADMINISTRATOR) && !after.disabled();
            if (!stays && isLastAdministrator(em, id)) {
                return Outcome.LAST_ADMINISTRATOR;
            }
            row.takeAccess(after);
            if (after.disabled()) {
                endAll(em, id, Optional.empty());
            }
            return Outcome.DONE;
        });
        if (disabled.orElse(false)) {
            toDisk();
        }
        return outcome;
    }

    @Override
    public Outcome remove(UUID id) {
        Outcome outcome = transactions.answer("remove the user", em -> {
            lockAdministrators(em);
            if (isLastAdministrator(em, id)) {
                return Outcome.LAST_ADMINISTRATOR;
            }
            int gone = em.createQuery("delete from UserRow u where u.id = :id")
                    .setParameter("id", id.toString())
                    .executeUpdate();
            LayoutTable.removeOrphans(em);
            return gone > 0 ? Outcome.DONE : Outcome.ABSENT;
        });
        toDisk();
        return outcome;
    }

    /** Whoever may cost an administrator waits here for the one before, and then reads what that one left. */
    private static void lockAdministrators(EntityManager em) {
        em.find(RoleRow.class, ADMINISTRATOR, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Of the server's own: one from outside is kept out by whatever becomes of the provider. */
    private static boolean isLastAdministrator(EntityManager em, UUID id) {
        List<String> administrators = em.createQuery(
                        "select u.id from UserRow u where u.role = :role and u.disabled = false and u.provider is null",
                        String.class)
                .setParameter("role", ADMINISTRATOR)
                .getResultList();
        return administrators.equals(List.of(id.toString()));
    }

    @Override
    public boolean begin(StoredSession session, StoredToken first, int tokenEpoch, int sessionsMax) {
        return transactions.answer("begin the session", em -> {
            UserRow user = locked(em, session.userId());
            if (user == null || !user.mayBegin(tokenEpoch)) {
                return false;
            }
            List<SessionRow> others = sessionRows(em, session.userId());
            for (SessionRow old : others.subList(Math.min(others.size(), sessionsMax - 1), others.size())) {
                end(em, old.stored().id());
            }
            em.persist(new SessionRow(session));
            em.persist(new TokenRow(first));
            return true;
        });
    }

    @Override
    public Exchange exchange(String hash, StoredToken next, Instant now, String address) {
        return transactions.answer("renew the session", em -> {
            // First the user, as whoever withdraws does: the new token's foreign key asks for that row too.
            if (locked(em, next.userId()) == null) {
                return Exchange.ENDED;
            }
            SessionRow session = em.find(SessionRow.class, next.family().toString(), LockModeType.PESSIMISTIC_WRITE);
            if (session == null) {
                return Exchange.ENDED;
            }
            int marked = em.createQuery(
                            "update TokenRow t set t.usedMs = :now where t.hash = :hash and t.usedMs is null")
                    .setParameter("now", now.toEpochMilli())
                    .setParameter("hash", hash)
                    .executeUpdate();
            if (marked == 0) {
                return Exchange.USED;
            }
            session.see(now, address);
            em.persist(new TokenRow(next));
            return Exchange.DONE;
        });
    }

    @Override
    public List<StoredSession> sessions(UUID userId) {
        return reads.answer(
                "list the sessions",
                em -> sessionRows(em, userId).stream().map(SessionRow::stored).toList());
    }

    private static List<SessionRow> sessionRows(EntityManager em, UUID userId) {
        return em.createQuery(
                        "select s from SessionRow s where s.userId = :user order by s.seenMs desc, s.id",
                        SessionRow.class)
                .setParameter("user", userId.toString())
                .getResultList();
    }

    /** First the session: who renews it holds its row, and its new token is then among those that go. */
    private static void end(EntityManager em, UUID session) {
        em.createQuery("delete from SessionRow s where s.id = :id")
                .setParameter("id", session.toString())
                .executeUpdate();
        em.createQuery("delete from TokenRow t where t.family = :family")
                .setParameter("family", session.toString())
                .executeUpdate();
    }

    @Override
    public Optional<StoredToken> token(String hash) {
        return reads.answer("find the session", em -> Optional.ofNullable(em.find(TokenRow.class, hash))
                .map(TokenRow::stored));
    }

    @Override
    public void revokeFamily(UUID family) {
        transactions.run("end the session", em -> end(em, family));
        toDisk();
    }

    private static void endAll(EntityManager em, UUID userId, Optional<UUID> keptSession) {
        String kept = keptSession.map(UUID::toString).orElse("none");
        em.createQuery("delete from SessionRow s where s.userId = :user and s.id <> :kept")
                .setParameter("user", userId.toString())
                .setParameter("kept", kept)
                .executeUpdate();
        em.createQuery("delete from TokenRow t where t.userId = :user and t.family <> :kept")
                .setParameter("user", userId.toString())
                .setParameter("kept", kept)
                .executeUpdate();
    }

    @Override
    public void deleteExpired(Instant now) {
        transactions.run("remove old sessions", em -> {
            em.createQuery("delete from TokenRow t where t.expiresMs < :now")
                    .setParameter("now", now.toEpochMilli())
                    .executeUpdate();
            em.createQuery("delete from SessionRow s where s.id not in (select t.family from TokenRow t)")
                    .executeUpdate();
        });
    }
}
