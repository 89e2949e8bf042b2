// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.function.Consumer;
import java.util.function.Function;
import javax.persistence.EntityManager;
import org.apache.aries.jpa.template.JpaTemplate;
import org.apache.aries.jpa.template.TransactionType;
import org.nxvms.platform.api.StoreException;

/** Runs work in one transaction; whatever the database throws becomes a {@link StoreException}. */
interface Transactions {
    <T> T answer(String what, Function<EntityManager, T> work);

    default void run(String what, Consumer<EntityManager> work) {
        answer(what, em -> {
            work.accept(em);
            return null;
        });
    }

    /** {@return the same for what changes nothing, so that nothing need be done about it afterwards} */
    default Transactions reading() {
        return this;
    }

    /** Through the template that Aries JPA makes of the persistence unit. */
    static Transactions of(JpaTemplate jpa) {
        return new Transactions() {
            @Override
            public <T> T answer(String what, Function<EntityManager, T> work) {
                try {
                    return jpa.txExpr(TransactionType.Required, work::apply);
                } catch (RuntimeException e) {
                    throw failed(what, e);
                }
            }
        };
    }

    /** The same, and what a transaction changed is soon written to the embedded database's file. */
    default Transactions writtenBy(WriteBehind behind) {
        Transactions these = this;
        return new Transactions() {
            @Override
            public <T> T answer(String what, Function<EntityManager, T> work) {
                T answer = these.answer(what, work);
                behind.committed();
                return answer;
            }

            @Override
            public Transactions reading() {
                return these.reading();
            }
        };
    }

    static StoreException failed(String what, RuntimeException cause) {
        return new StoreException("The database could not " + what, cause);
    }
}
