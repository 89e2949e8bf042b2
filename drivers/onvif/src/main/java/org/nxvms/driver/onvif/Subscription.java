// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import org.nxvms.driver.spi.DriverException;

/** What a device promised to tell us, until it ends or runs out. One thread at a time, but for {@link #wake}. */
interface Subscription {
    /** After which a device forgets it, unless it is renewed. */
    int LIFE_SECONDS = 60;

    /** {@return what was said since, waiting for it up to so many seconds} */
    List<XmlNode> take(int seconds) throws DriverException, InterruptedException;

    /** {@return how long nothing is said by a device that has said all its states} */
    int quietSeconds();

    /** {@return how long it lasts from its last renewal on}; the greatest number where the device does not say */
    long grantedMs();

    /** Asks for every state anew (Core 9.6); a device that does not do that is left alone. */
    void synchronise() throws DriverException;

    void renew() throws DriverException;

    /** Ends it at the device. */
    void end() throws DriverException;

    /** Ends a wait for what is said, from another thread, where nothing else does. */
    void wake();
}
