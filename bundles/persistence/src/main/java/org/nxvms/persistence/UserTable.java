// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.persistence.EntityManager;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.security.UserStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Users in {@code app_user}, their sessions in {@code refresh_token}. */
@Component(service = UserStore.class)
public final class UserTable implements UserStore {
    private final Transactions transactions;

    @Activate
    public UserTable(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind));
    }

    UserTable(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<StoredUser> users() {
        return transactions.answer(
                "load the users", em -> em.createQuery("select u from UserRow u order by u.usernameKey", UserRow.class)
                        .getResultStream()
                        .map(UserRow::stored)
                        .toList());
    }

    @Override
    public boolean insert(StoredUser user) {
        return transactions.answer("add the user", em -> {
            if (isTaken(em, user)) {
                return false;
            }
            em.persist(new UserRow(user));
            return true;
        });
    }

    private static boolean isTaken(EntityManager em, StoredUser user) {
        return em.createQuery("select count(u) from UserRow u where u.usernameKey = :key and u.id <> :id", Long.class)
                        .setParameter("key", UserRow.key(user.username()))
                        .setParameter("id", user.id().toString())
                        .getSingleResult()
                > 0;
    }

    @Override
    public boolean update(StoredUser user) {
        return transactions.answer("change the user", em -> {
            UserRow row = em.find(UserRow.class, user.id().toString());
            if (row == null || isTaken(em, user)) {
                return false;
            }
            row.take(user);
            return true;
        });
    }

    @Override
    public boolean delete(UUID id) {
        return transactions.answer(
                "remove the user",
                em -> em.createQuery("delete from UserRow u where u.id = :id")
                                .setParameter("id", id.toString())
                                .executeUpdate()
                        > 0);
    }

    @Override
    public void insertToken(StoredToken token) {
        transactions.run("begin the session", em -> em.persist(new TokenRow(token)));
    }

    @Override
    public Optional<StoredToken> token(String hash) {
        return transactions.answer("find the session", em -> Optional.ofNullable(em.find(TokenRow.class, hash))
                .map(TokenRow::stored));
    }

    @Override
    public boolean useToken(String hash, Instant now) {
        return transactions.answer(
                "renew the session",
                em -> em.createQuery("update TokenRow t set t.usedMs = :now where t.hash = :hash and t.usedMs is null")
                                .setParameter("now", now.toEpochMilli())
                                .setParameter("hash", hash)
                                .executeUpdate()
                        == 1);
    }

    @Override
    public void revokeFamily(UUID family) {
        transactions.run("end the session", em -> em.createQuery("delete from TokenRow t where t.family = :family")
                .setParameter("family", family.toString())
                .executeUpdate());
    }

    @Override
    public void revokeAll(UUID userId, Optional<UUID> keptFamily) {
        transactions.run("end the sessions", em -> em.createQuery(
                        "delete from TokenRow t where t.userId = :user and t.family <> :kept")
                .setParameter("user", userId.toString())
                .setParameter("kept", keptFamily.map(UUID::toString).orElse("none"))
                .executeUpdate());
    }

    @Override
    public void deleteExpired(Instant now) {
        transactions.run("remove old sessions", em -> em.createQuery("delete from TokenRow t where t.expiresMs < :now")
                .setParameter("now", now.toEpochMilli())
                .executeUpdate());
    }
}
