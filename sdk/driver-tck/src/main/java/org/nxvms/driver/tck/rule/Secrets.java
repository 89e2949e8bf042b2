// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Finds passwords where none belongs. */
final class Secrets {
    private static final int CAUSES_MAX = 10;

    private Secrets() {}

    /** {@return as it would stand in an address} */
    static String encoded(String password) {
        return URLEncoder.encode(password, StandardCharsets.UTF_8);
    }

    /** {@return whether an exception, or what caused it, tells a password} */
    static boolean tells(Throwable failure, String password) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < CAUSES_MAX; depth++, each = each.getCause()) {
            String text = String.valueOf(each.getMessage());
            if (text.contains(password) || text.contains(encoded(password))) {
                return true;
            }
        }
        return false;
    }
}
