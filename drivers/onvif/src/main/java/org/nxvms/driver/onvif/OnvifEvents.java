// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.Set;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;

/** Events by a pull point (Core 9.2), one feed at a time. */
final class OnvifEvents implements DeviceEvents {
    private final Services services;
    private final Set<String> otherSources;
    private final Supplier<Quirks> quirks;
    private volatile OnvifFeed open;
    private volatile boolean closed;

    OnvifEvents(Services services, Set<String> otherSources, Supplier<Quirks> quirks) {
        this.services = services;
        this.otherSources = otherSources;
        this.quirks = quirks;
    }

    @Override
    public Feed subscribe() throws DriverException {
        services.http().requireOpen();
        OnvifFeed before = open;
        if (before != null) {
            before.close();
        }
        OnvifFeed feed = new OnvifFeed(PullPoint.create(services), otherSources, quirks, OnvifFeed.Patience.USUAL);
        open = feed;
        if (closed) {
            // Closed while the device was asked: close() did not see this feed.
            feed.close();
        }
        return feed;
    }

    void close() {
        closed = true;
        OnvifFeed feed = open;
        if (feed != null) {
            feed.close();
        }
    }
}
