// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;

class PostgresKnownServersTest extends KnownServersStories {
    @Override
    DataSource database() throws IOException, SQLException {
        return Databases.postgres("known_servers");
    }
}
