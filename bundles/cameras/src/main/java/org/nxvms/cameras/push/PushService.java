// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.push;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.PushEndpoints;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;
import org.nxvms.driver.spi.PushPort;

/** Endpoints of one driver's bundle, which go with it. */
final class PushService implements PushEndpoints {
    private final PushRegistry registry;
    private final String driver;
    private final Set<AutoCloseable> opened = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PushService(PushRegistry registry, String driver) {
        this.registry = registry;
        this.driver = driver;
    }

    @Override
    public PushInbox http(DeviceTarget device, String purpose, PushLimits limits) throws DriverException {
        return keep(registry.http(driver, device, purpose, limits));
    }

    @Override
    public PushPort tcp(DeviceTarget device, String purpose, PushLimits limits) throws DriverException {
        return keep(registry.tcp(driver, device, purpose, limits));
    }

    private <E extends AutoCloseable> E keep(E endpoint) throws DriverException {
        opened.removeIf(PushService::isClosed);
        opened.add(endpoint);
        if (closed) {
            close(endpoint);
            throw new DriverException(DriverException.Kind.CLOSED, "The driver's bundle has gone.");
        }
        return endpoint;
    }

    /** The bundle has gone, or gives the service back. */
    void close() {
        closed = true;
        opened.forEach(PushService::close);
        opened.clear();
    }

    private static boolean isClosed(AutoCloseable endpoint) {
        return endpoint instanceof HttpInbox inbox && inbox.isClosed()
                || endpoint instanceof TcpPort port && port.isClosed();
    }

    private static void close(AutoCloseable endpoint) {
        try {
            endpoint.close();
        } catch (Exception impossible) {
            throw new IllegalStateException("endpoints close without exceptions", impossible);
        }
    }
}
