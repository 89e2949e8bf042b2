// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Troubles of the wrong kind, and calls without an end. */
final class ErrorFlaws {
    static final Map<String, Flaw> BY_RULE = new HashMap<>();

    private static final int TRIES = 5;
    private static final int PATIENCE_MS = 60_000;

    static {
        BY_RULE.put("errors.address", visit -> taking(visit, Kind.CONFIG, Kind.UNREACHABLE));
        BY_RULE.put("errors.refused", visit -> taking(visit, Kind.UNREACHABLE, Kind.CONFIG));
        BY_RULE.put("errors.password", visit -> taking(visit, Kind.AUTH, Kind.PROTOCOL));
        BY_RULE.put("errors.no-lock-out", ErrorFlaws::stubborn);
        BY_RULE.put("errors.digest-only", ErrorFlaws::openHearted);
        BY_RULE.put("errors.busy", visit -> taking(visit, Kind.BUSY, Kind.UNSUPPORTED));
        BY_RULE.put("errors.messages", ErrorFlaws::telling);
        BY_RULE.put("errors.own-class", ErrorFlaws::ofItsOwn);
        for (String rule : new String[] {"time.silent", "time.drip", "time.connect", "time.functions"}) {
            BY_RULE.put(rule, ErrorFlaws::patient);
        }
        BY_RULE.put("time.interrupt", ErrorFlaws::deaf);
    }

    /** A failure of the driver's own. */
    static final class OwnException extends DriverException {
        private static final long serialVersionUID = 1L;

        OwnException(DriverException failure) {
            super(failure.kind(), failure.getMessage());
        }
    }

    private ErrorFlaws() {}

    private static Object taking(Visit visit, Kind one, Kind forAnother) throws Throwable {
        try {
            return visit.go();
        } catch (DriverException failure) {
            throw failure.kind() == one ? new DriverException(forAnother, failure.getMessage()) : failure;
        }
    }

    private static Object stubborn(Visit visit) throws Throwable {
        for (int tries = 1; ; tries++) {
            try {
                return visit.go();
            } catch (DriverException failure) {
                if (!visit.is("open") || failure.kind() != Kind.AUTH || tries == TRIES) {
                    throw failure;
                }
            }
        }
    }

    /** Knows devices again, and forgets how a login may be shown. */
    private static Object openHearted(Visit visit) throws Throwable {
        if (visit.is("recognizes")) {
            return true;
        }
        if (visit.is("open")) {
            DeviceTarget target = visit.argument(0);
            return visit.with(new DeviceTarget(
                    target.address(),
                    target.subAddress(),
                    target.credentials().map(login -> new Credentials(login.username(), login.password())),
                    target.settings(),
                    target.timeoutMs()));
        }
        return visit.go();
    }

    private static Object telling(Visit visit) throws Throwable {
        try {
            return visit.go();
        } catch (DriverException failure) {
            String password = visit.is("open")
                    ? visit.<DeviceTarget>argument(0)
                            .credentials()
                            .map(Credentials::password)
                            .orElse("")
                    : "";
            throw new DriverException(failure.kind(), failure.getMessage() + " The password was " + password + ".");
        }
    }

    private static Object ofItsOwn(Visit visit) throws Throwable {
        try {
            return visit.go();
        } catch (DriverException failure) {
            throw new OwnException(failure);
        }
    }

    /** Takes no notice of how long a call may take. */
    static Object patient(Visit visit) throws Throwable {
        if (visit.is("open")) {
            DeviceTarget target = visit.argument(0);
            return visit.with(new DeviceTarget(
                    target.address(), target.subAddress(), target.credentials(), target.settings(), PATIENCE_MS));
        }
        return visit.go();
    }

    /** Goes on with the same call when it is interrupted. */
    static Object deaf(Visit visit) throws Throwable {
        FutureTask<Object> task = new FutureTask<>(() -> {
            try {
                return visit.go();
            } catch (Exception failure) {
                throw failure;
            } catch (Throwable failure) {
                throw new ExecutionException(failure);
            }
        });
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        while (true) {
            try {
                return task.get();
            } catch (InterruptedException notHeard) {
                continue;
            } catch (ExecutionException failed) {
                throw failed.getCause();
            }
        }
    }
}
