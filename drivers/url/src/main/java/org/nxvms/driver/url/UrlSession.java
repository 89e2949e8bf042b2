// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.url;

import java.util.List;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamOffer;

/** Answers from what {@link UrlDriver#open} checked; holds no connection. */
final class UrlSession implements CameraSession {
    private final List<StreamOffer> offers;
    private volatile boolean closed;

    UrlSession(List<StreamOffer> offers) {
        this.offers = List.copyOf(offers);
    }

    @Override
    public DeviceIdentity identity() throws DriverException {
        checkOpen();
        return DeviceIdentity.UNKNOWN;
    }

    @Override
    public List<StreamOffer> streams() throws DriverException {
        checkOpen();
        return offers;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() throws DriverException {
        if (closed) {
            throw new DriverException(DriverException.Kind.CLOSED, "The session with this source was closed.");
        }
    }
}
