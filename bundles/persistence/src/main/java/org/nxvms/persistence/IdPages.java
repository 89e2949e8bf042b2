// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.ArrayList;
import java.util.List;

/** Ids in portions that fit into one statement. */
final class IdPages {
    /** PostgreSQL takes 65535 parameters at most. */
    private static final int IDS_MAX = 500;

    private IdPages() {}

    static List<List<String>> of(List<String> ids) {
        List<List<String>> pages = new ArrayList<>();
        for (int at = 0; at < ids.size(); at += IDS_MAX) {
            pages.add(ids.subList(at, Math.min(ids.size(), at + IDS_MAX)));
        }
        return pages;
    }
}
