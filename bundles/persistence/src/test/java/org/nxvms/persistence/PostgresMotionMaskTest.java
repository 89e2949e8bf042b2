// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;

class PostgresMotionMaskTest extends MotionMaskStories {
    @Override
    DataSource database() throws IOException, SQLException {
        return Databases.postgres("motion_mask");
    }
}
