// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.send;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.network.Refusal;

/**
 * Looks names up for the client, which connects to the very addresses that were judged here: a name cannot mean another one a
 * moment later. Who sets an endpoint could else reach what listens on this machine alone, or the metadata service of a cloud.
 */
final class JudgedNames implements DnsResolver {
    private final Lookup lookup;
    private volatile AddressRule rule = new AddressRule(false, false);

    /** Asks for the addresses of a name. */
    interface Lookup {
        InetAddress[] all(String name) throws UnknownHostException;
    }

    /** A name of which no address may be spoken to. */
    static final class RefusedException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        private final transient Refusal why;

        RefusedException(String name, Refusal why) {
            super(name + " " + why.words());
            this.why = why;
        }

        /** {@return whether the setting would allow it} */
        boolean isLocal() {
            return why == Refusal.THIS_MACHINE || why == Refusal.LINK_LOCAL;
        }
    }

    JudgedNames(Lookup lookup) {
        this.lookup = lookup;
    }

    void localAllowed(boolean now) {
        rule = new AddressRule(now, now);
    }

    @Override
    public InetAddress[] resolve(String name) throws UnknownHostException {
        AddressRule now = rule;
        List<InetAddress> open = new ArrayList<>();
        Optional<Refusal> refused = Optional.empty();
        for (InetAddress address : lookup.all(name)) {
            Optional<Refusal> why = now.refusal(address);
            if (why.isEmpty()) {
                open.add(address);
            }
            refused = refused.or(() -> why);
        }
        if (open.isEmpty() && refused.isPresent()) {
            throw new RefusedException(name, refused.get());
        }
        return open.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String name) {
        return name;
    }
}
