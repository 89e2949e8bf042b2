// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;

class PostgresLayoutTest extends LayoutStories {
    @Override
    DataSource database() throws IOException, SQLException {
        return Databases.postgres("layout");
    }
}
