// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import javax.sql.DataSource;

class H2RightsTest extends RightsStories {
    @Override
    DataSource database() {
        return Databases.h2("rights");
    }

    @Override
    boolean isShared() {
        return false;
    }
}
