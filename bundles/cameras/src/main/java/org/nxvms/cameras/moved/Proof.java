// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.moved;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.cameras.book.Secrets;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.Fence;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;

/**
 * Whether a device is a camera that was at another address: it takes the camera's login, shown by Digest only, has its serial
 * number or MAC address, and the old address does not have the same device. Blocks; a driver that does not return in time is
 * given up.
 */
public final class Proof {
    /** For a device that is said to be there. */
    private static final int THERE_MS = 10_000;
    /** For one that most probably is away. */
    private static final int OLD_MS = 3_000;
    /** Login, identity and endpoint. */
    private static final int CALLS = 3;

    private final DriverShelf shelf;
    private final Secrets secrets;
    private final ExecutorService pool;

    private record Said(DeviceIdentity identity, String endpoint) {}

    /** What is to be thought of a device. */
    enum Verdict {
        /** It is the camera. */
        PROVEN,
        /** It says so, and is not. */
        ANOTHER,
        /** It is, and is at the old address, too. */
        NOT_MOVED,
        /** It could not be asked; devices greet before they are ready. */
        NOT_ASKED
    }

    record Finding(Verdict verdict, String why) {}

    /** @param pool refuses what it has no thread for */
    public Proof(DriverShelf shelf, Secrets secrets, ExecutorService pool) {
        this.shelf = shelf;
        this.secrets = secrets;
        this.pool = pool;
    }

    /** {@return what the device at an address is to a camera} */
    Finding finding(StoredCamera stored, KnownDevice known, URI address) throws InterruptedException {
        Optional<ShelvedDriver> driver =
                shelf.serving(stored.camera().driver(), stored.camera().id());
        if (driver.isEmpty()) {
            return new Finding(Verdict.NOT_ASKED, "Its driver is not installed.");
        }
        DeviceTarget target;
        try {
            target = secrets.target(stored, THERE_MS);
        } catch (StoreException | IllegalArgumentException e) {
            return new Finding(Verdict.NOT_ASKED, "Its password cannot be opened now.");
        }
        try {
            Said here = ask(driver.get(), at(target, stored.camera().address(), OLD_MS));
            if (known.is(here.identity(), here.endpoint())) {
                return new Finding(Verdict.NOT_MOVED, "It is still at its address, too.");
            }
        } catch (DriverException away) {
            // As is to be hoped.
        }
        try {
            Said there = ask(driver.get(), at(target, address, THERE_MS));
            return known.is(there.identity(), there.endpoint())
                    ? new Finding(Verdict.PROVEN, "")
                    : new Finding(
                            Verdict.ANOTHER, "The device there is another one, though it says that it is the camera.");
        } catch (DriverException refused) {
            Verdict verdict = refused.kind() == DriverException.Kind.AUTH ? Verdict.ANOTHER : Verdict.NOT_ASKED;
            return new Finding(verdict, refused.getMessage());
        }
    }

    private static DeviceTarget at(DeviceTarget target, URI address, int timeoutMs) {
        return new DeviceTarget(
                address,
                target.subAddress(),
                target.credentials().map(Credentials::onlyByDigest),
                target.settings(),
                timeoutMs);
    }

    private Said ask(ShelvedDriver driver, DeviceTarget target) throws DriverException, InterruptedException {
        Future<Said> asked;
        try {
            asked = pool.submit(() -> Fence.around(driver, () -> {
                try (CameraSession session = Fence.open(driver, target)) {
                    return new Said(session.identity(), session.endpoint());
                }
            }));
        } catch (RejectedExecutionException busy) {
            throw new DriverException(DriverException.Kind.BUSY, "The driver has not returned from its last call.");
        }
        try {
            return asked.get((long) CALLS * target.timeoutMs(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new DriverException(DriverException.Kind.UNREACHABLE, "The driver did not return in time.");
        } catch (CancellationException | ExecutionException e) {
            if (e.getCause() instanceof DriverException said) {
                throw said;
            }
            throw new DriverException(DriverException.Kind.PROTOCOL, "The driver failed with an error of its own.");
        } finally {
            asked.cancel(true);
        }
    }
}
