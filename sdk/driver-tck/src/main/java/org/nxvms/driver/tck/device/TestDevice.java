// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.device;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.rtsp.Camera;

/**
 * One device, lent. Given back by {@link #close()}.
 *
 * @param target address, login and settings with which the driver reaches it
 * @param camera its inside, if it is simulated
 * @param device its state, if it is simulated and speaks a dialect
 * @param mayAct whether its head may move, its outputs switch, its clock be set
 * @param back what is done when it is given back
 */
public record TestDevice(
        DeviceTarget target, Optional<Camera> camera, Optional<Device> device, boolean mayAct, Runnable back)
        implements AutoCloseable {
    /** The shortest time a call may be given: what a device that does not answer is given. */
    public static final int TIMEOUT_MS = 1_000;

    /** What a device that is well is given, so that a busy machine breaks no rule. */
    public static final int WELL_MS = 10_000;

    /** {@return this device with more settings} */
    public DeviceTarget with(String setting, String value) {
        Map<String, String> more = new TreeMap<>(target.settings());
        more.put(setting, value);
        return new DeviceTarget(target.address(), target.subAddress(), target.credentials(), more, target.timeoutMs());
    }

    /** {@return this device, where calls may take another time} */
    public DeviceTarget within(int timeoutMs) {
        return new DeviceTarget(
                target.address(), target.subAddress(), target.credentials(), target.settings(), timeoutMs);
    }

    /** {@return another login} */
    public DeviceTarget as(Credentials credentials) {
        return new DeviceTarget(
                target.address(), target.subAddress(), Optional.of(credentials), target.settings(), target.timeoutMs());
    }

    /** {@return another address} */
    public DeviceTarget at(URI address) {
        return new DeviceTarget(address, Optional.empty(), target.credentials(), target.settings(), target.timeoutMs());
    }

    /** {@return what listens on a port of this machine, instead of the device} */
    public DeviceTarget at(int port) {
        return at(port, TIMEOUT_MS);
    }

    /** {@return as {@link #at(int)}, where calls may take so long} */
    public DeviceTarget at(int port, int timeoutMs) {
        URI typed = target.address();
        try {
            URI there = new URI(typed.getScheme(), null, "127.0.0.1", port, typed.getPath(), typed.getQuery(), null);
            return new DeviceTarget(there, Optional.empty(), target.credentials(), target.settings(), timeoutMs);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        back.run();
    }
}
