// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.util.concurrent.ExecutorService;
import org.nxvms.cameras.book.CameraBook;
import org.nxvms.cameras.device.DeviceControl;
import org.nxvms.cameras.device.DeviceErrands;

/** The threads of the registry, apart from the one that supervises. */
final class ControlThreads {
    /** A probe uses one thread for the contact, then one a stream. */
    private static final int PROBE_THREADS_MAX = 32;
    /** Of each of eight cameras the drivers that are asked who is there, then two streams and the control functions. */
    private static final int SETUP_THREADS_MAX = 64;

    /** Those that do not return keep a thread each, at most one a camera. */
    final ExecutorService contact = Pools.direct("nxvms-ctl-contact", CameraBook.CAMERAS_MAX);

    final ExecutorService probe = Pools.direct("nxvms-ctl-probe", PROBE_THREADS_MAX);
    final ExecutorService setup = Pools.direct("nxvms-ctl-setup", SETUP_THREADS_MAX);
    final ExecutorService control = Pools.direct("nxvms-ctl-device", DeviceControl.THREADS_MAX);
    final ExecutorService errand = Pools.direct("nxvms-ctl-errand", DeviceErrands.THREADS_MAX);
    /** A score for all cameras whose drivers wait without one, and a thread for each other camera, which waits for what it says. */
    final ExecutorService event = Pools.direct("nxvms-ctl-events", CameraBook.CAMERAS_MAX);

    final ExecutorService book = Pools.waiting("nxvms-cameras-book", 1);

    void close() {
        // Sessions are closed by who has them.
        control.shutdown();
        errand.shutdown();
        event.shutdown();
        contact.shutdownNow();
        probe.shutdownNow();
        setup.shutdownNow();
        // A transaction under way is finished, not torn.
        book.shutdown();
    }
}
