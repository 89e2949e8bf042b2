// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** The stories of events on the embedded database. */
class H2EventStoreTest extends EventStories {
    @Override
    DataSource database() {
        return JdbcConnectionPool.create("jdbc:h2:mem:events;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000", "nxvms", "");
    }
}
