// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import javax.sql.DataSource;

class H2KnownServersTest extends KnownServersStories {
    @Override
    DataSource database() {
        return Databases.h2("known_servers");
    }
}
