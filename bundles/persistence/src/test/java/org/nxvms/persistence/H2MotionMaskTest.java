// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import javax.sql.DataSource;

class H2MotionMaskTest extends MotionMaskStories {
    @Override
    DataSource database() {
        return Databases.h2("motion_mask");
    }
}
