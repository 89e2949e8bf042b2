// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.network.Refusal;

/**
 * Which devices drivers are sent to: what a host means now is judged just before the driver opens. The JDK remembers an answer
 * of a name server for 30 s, so what the driver connects to then is what was judged. Any thread; blocks while a name is looked up.
 */
public final class DeviceDoor {
    private final Supplier<AddressRule> rule;
    private final Lookup lookup;

    /** Asks for the addresses of a name. */
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] all(String name) throws UnknownHostException;
    }

    public DeviceDoor(Supplier<AddressRule> rule) {
        this(rule, InetAddress::getAllByName);
    }

    public DeviceDoor(Supplier<AddressRule> rule, Lookup lookup) {
        this.rule = rule;
        this.lookup = lookup;
    }

    /** {@return the rule that counts now} */
    public AddressRule rule() {
        return rule.get();
    }

    /**
     * @throws DriverException of kind UNREACHABLE when one of the target's hosts must not be spoken to; its name may mean
     *     another one later
     */
    public void check(DeviceTarget target) throws DriverException {
        check(target.address());
        if (target.subAddress().isPresent()) {
            check(target.subAddress().get());
        }
    }

    private void check(URI address) throws DriverException {
        if (address.getHost() == null) {
            return;
        }
        AddressRule now = rule.get();
        Optional<Refusal> refused = now.refusalOf(address.getHost());
        if (refused.isEmpty() && AddressRule.written(address.getHost()).isEmpty()) {
            refused = looked(now, address.getHost());
        }
        if (refused.isPresent()) {
            throw new DriverException(
                    DriverException.Kind.UNREACHABLE,
                    "The camera's host " + refused.get().words() + ", which this server does not speak to"
                            + hint(refused.get()) + ".");
        }
    }

    private Optional<Refusal> looked(AddressRule now, String host) {
        try {
            for (InetAddress address : lookup.all(host)) {
                Optional<Refusal> refused = now.refusal(address);
                if (refused.isPresent()) {
                    return refused;
                }
            }
        } catch (UnknownHostException unknown) {
            // Remembered by the JDK for a while too: the driver finds nobody, and says so.
        }
        return Optional.empty();
    }

    /** {@return what an administrator can do about it, to be put behind a sentence} */
    public static String hint(Refusal refused) {
        return refused == Refusal.THIS_MACHINE ? " (devicesLocalAllowed in etc/org.nxvms.devices.cfg)" : "";
    }
}
