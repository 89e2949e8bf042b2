// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.Map;
import java.util.function.Function;
import javax.persistence.EntityManager;
import javax.persistence.EntityManagerFactory;
import javax.persistence.spi.PersistenceUnitTransactionType;
import javax.sql.DataSource;
import org.eclipse.persistence.config.PersistenceUnitProperties;
import org.eclipse.persistence.jpa.PersistenceProvider;

/** The persistence unit on a database, outside OSGi. */
final class TestUnit implements Transactions, AutoCloseable {
    private final EntityManagerFactory factory;

    TestUnit(DataSource database) {
        factory = new PersistenceProvider()
                .createEntityManagerFactory(
                        "nxvms",
                        Map.of(
                                PersistenceUnitProperties.TRANSACTION_TYPE,
                                PersistenceUnitTransactionType.RESOURCE_LOCAL.name(),
                                PersistenceUnitProperties.NON_JTA_DATASOURCE,
                                database,
                                PersistenceUnitProperties.WEAVING,
                                "false"));
    }

    @Override
    public <T> T answer(String what, Function<EntityManager, T> work) {
        EntityManager em = factory.createEntityManager();
        try {
            em.getTransaction().begin();
            T result = work.apply(em);
            em.getTransaction().commit();
            return result;
        } catch (RuntimeException e) {
            try {
                em.getTransaction().rollback();
            } catch (RuntimeException gone) {
                e.addSuppressed(gone);
            }
            throw Transactions.failed(what, e);
        } finally {
            em.close();
        }
    }

    @Override
    public void close() {
        factory.close();
    }
}
