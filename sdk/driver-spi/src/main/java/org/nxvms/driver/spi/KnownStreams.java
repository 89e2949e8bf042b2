// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.List;
import java.util.Optional;

/** See {@link CameraSession#ofKnown}. */
final class KnownStreams implements CameraSession {
    private final List<StreamOffer> offers;
    private volatile boolean closed;

    KnownStreams(List<StreamOffer> offers) {
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
    public <C extends Capability> Optional<C> capability(Class<C> type) throws DriverException {
        checkOpen();
        return Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() throws DriverException {
        if (closed) {
            throw new DriverException(DriverException.Kind.CLOSED, "The session with this camera was closed.");
        }
    }
}
