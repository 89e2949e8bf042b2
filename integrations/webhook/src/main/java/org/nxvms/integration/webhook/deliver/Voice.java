// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import java.time.Instant;

/** Tells people how an endpoint fares. Returns at once. */
public interface Voice {
    /** It has been failing for a while; said again while it does. */
    void failing(String name, Instant since, String detail);

    /** It takes messages again. */
    void recovered(String name);

    /** It answered that it wants nothing any more, and was switched off. */
    void gone(String name);

    /** Events were to be sent and never will be. */
    void lost(String name, long count, String why);
}
