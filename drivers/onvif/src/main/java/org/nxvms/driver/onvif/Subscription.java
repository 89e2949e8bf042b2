// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.nxvms.driver.onvif.SoapClient.Sender;

/** What a device promised to tell us, until it ends or runs out. One conversation at a time, but for {@link #wake}. */
interface Subscription {
    /** After which a device forgets it, unless it is renewed. */
    int LIFE_SECONDS = 60;

    /** {@return what was said since, waiting for it up to so many seconds} */
    CompletableFuture<List<XmlNode>> take(int seconds, Sender by);

    /** {@return how long nothing is said by a device that has said all its states} */
    int quietSeconds();

    /** {@return how long it lasts from its last renewal on}; the greatest number where the device does not say */
    long grantedMs();

    /** {@return how many messages it was asked for at once}; the greatest number where nobody asks */
    int messagesMax();

    /** Asks for every state anew (Core 9.6); a device that does not do that is left alone. */
    CompletableFuture<Void> synchronise(Sender by);

    CompletableFuture<Void> renew(Sender by);

    /** Ends it at the device. */
    CompletableFuture<Void> end(Sender by);

    /** Ends a wait for what is said that is no exchange with the device. */
    void wake();
}
