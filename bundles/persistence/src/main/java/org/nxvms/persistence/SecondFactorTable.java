// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.persistence.EntityManager;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.security.SecondFactorStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** One-time codes in {@code user_totp}, what stands in for them in {@code recovery_code}. */
@Component(service = SecondFactorStore.class)
public final class SecondFactorTable implements SecondFactorStore {
    private final Transactions transactions;
    private final Transactions reads;

    @Activate
    public SecondFactorTable(
            @Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa,
            @Reference WriteBehind behind,
            @Reference RightsChanges changes) {
        this(changes.countedIn(Transactions.of(jpa).writtenBy(behind)));
    }

    SecondFactorTable(Transactions transactions) {
        this.transactions = transactions;
        this.reads = transactions.reading();
    }

    @Override
    public Optional<StoredTotp> totp(UUID userId) {
        return reads.answer(
                "find the second factor", em -> Optional.ofNullable(em.find(TotpRow.class, userId.toString()))
                        .map(TotpRow::stored));
    }

    @Override
    public void put(StoredTotp totp, List<String> recoveryHashes) {
        transactions.run("store the second factor", em -> {
            delete(em, totp.userId());
            em.persist(new TotpRow(totp));
            recoveryHashes.forEach(hash -> em.persist(new RecoveryCodeRow(totp.userId(), hash)));
        });
    }

    @Override
    public boolean takeStep(UUID userId, long step) {
        return transactions.answer(
                "take the one-time code",
                em -> em.createQuery(
                                        "update TotpRow t set t.lastStep = :step where t.userId = :user and t.lastStep < :step")
                                .setParameter("step", step)
                                .setParameter("user", userId.toString())
                                .executeUpdate()
                        == 1);
    }

    @Override
    public boolean takeRecoveryCode(UUID userId, String hash) {
        return transactions.answer(
                "take the recovery code",
                em -> em.createQuery("delete from RecoveryCodeRow r where r.userId = :user and r.hash = :hash")
                                .setParameter("user", userId.toString())
                                .setParameter("hash", hash)
                                .executeUpdate()
                        == 1);
    }

    @Override
    public int recoveryCodesLeft(UUID userId) {
        return reads.answer("count the recovery codes", em -> em.createQuery(
                        "select count(r) from RecoveryCodeRow r where r.userId = :user", Long.class)
                .setParameter("user", userId.toString())
                .getSingleResult()
                .intValue());
    }

    @Override
    public void replaceRecoveryCodes(UUID userId, List<String> hashes) {
        transactions.run("replace the recovery codes", em -> {
            deleteCodes(em, userId);
            hashes.forEach(hash -> em.persist(new RecoveryCodeRow(userId, hash)));
        });
    }

    @Override
    public boolean remove(UUID userId) {
        return transactions.answer("remove the second factor", em -> delete(em, userId));
    }

    private static boolean delete(EntityManager em, UUID userId) {
        deleteCodes(em, userId);
        return em.createQuery("delete from TotpRow t where t.userId = :user")
                        .setParameter("user", userId.toString())
                        .executeUpdate()
                == 1;
    }

    private static void deleteCodes(EntityManager em, UUID userId) {
        em.createQuery("delete from RecoveryCodeRow r where r.userId = :user")
                .setParameter("user", userId.toString())
                .executeUpdate();
    }
}
