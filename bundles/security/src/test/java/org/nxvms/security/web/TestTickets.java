// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.time.Clock;
import org.nxvms.security.account.OutsideUsers;
import org.nxvms.security.account.Sessions;

/** What tests of other packages need of this one. */
public final class TestTickets {
    private TestTickets() {}

    /** Time passes only when the clock is moved. */
    public static Tickets make(OutsideUsers outside, Sessions sessions, Clock clock) {
        return new Tickets(outside, sessions, () -> clock.millis() * 1_000_000);
    }
}
