// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.persistence.EntityManager;
import org.osgi.service.component.annotations.Component;

/**
 * How often this process may have changed who may what. The embedded database is this process's alone, so that rights need
 * not be read again while the count stays: they are asked for every two seconds. Any thread.
 */
@Component(service = RightsChanges.class)
public final class RightsChanges {
    private static final String EMBEDDED = "jdbc:h2:";
    private static final String IN_ANOTHER_PROCESS = EMBEDDED + "(tcp|ssl):.*";

    private final AtomicLong count = new AtomicLong();

    /** {@return the same transactions, each of which counts when it is over, whether it is known to have failed or not} */
    Transactions countedIn(Transactions transactions) {
        return new Transactions() {
            @Override
            public <T> T answer(String what, Function<EntityManager, T> work) {
                try {
                    return transactions.answer(what, work);
                } finally {
                    count.incrementAndGet();
                }
            }

            @Override
            public Transactions reading() {
                return transactions.reading();
            }
        };
    }

    /** {@return to be asked before something is read: what was read is of that time or later} */
    long count() {
        return count.get();
    }

    /** {@return whether nobody else changes the database} */
    static boolean areAll(EntityManager em) {
        try {
            String address = em.unwrap(Connection.class).getMetaData().getURL();
            return address.startsWith(EMBEDDED) && !address.matches(IN_ANOTHER_PROCESS);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
