// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import org.nxvms.cameras.drivers.Fence;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.cameras.moved.Following;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One search for devices that are known already, on a thread of its own. Any thread. */
final class Look implements Following.Search {
    private static final Logger LOG = LoggerFactory.getLogger(Look.class);

    private final ShelvedDriver driver;
    private final DeviceSearch search;
    private final SearchScope scope;
    private final SearchFindings findings;
    private final Thread thread;
    private volatile Runnable atEnd = () -> {};
    private volatile boolean over;

    Look(ShelvedDriver driver, DeviceSearch search, SearchScope scope, SearchFindings findings) {
        this.driver = driver;
        this.search = search;
        this.scope = scope;
        this.findings = findings;
        this.thread = new Thread(this::run, "nxvms-ctl-search-" + driver.info().id());
        thread.setDaemon(true);
    }

    /** {@return whether a driver can tell a device by its search} */
    static boolean recognizes(ShelvedDriver driver, DeviceSearch search) {
        try {
            return Fence.around(driver, search::recognizes);
        } catch (DriverException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    ShelvedDriver driver() {
        return driver;
    }

    Thread thread() {
        return thread;
    }

    int timeMs() {
        return scope.timeMs();
    }

    /** @param whenOver run at the end, however it comes */
    void begin(Runnable whenOver) {
        atEnd = whenOver;
        thread.start();
    }

    private void run() {
        try {
            Fence.around(driver, () -> {
                search.search(scope, findings);
                return true;
            });
        } catch (DriverException e) {
            LOG.debug("{} cannot look for cameras that moved: {}", driver.label(), e.getMessage());
        } catch (InterruptedException ended) {
            // Found, or somebody wants to scan.
        } finally {
            over = true;
            atEnd.run();
        }
    }

    @Override
    public boolean runs() {
        return !over;
    }

    @Override
    public void close() {
        if (!over) {
            thread.interrupt();
        }
    }

    void awaitEnd(int timeMs) {
        try {
            thread.join(timeMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
