// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.send;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Whom the server may be told to speak to. Who sets an endpoint could else reach what listens on this machine alone, or the
 * metadata service of a cloud. The client connects to the very addresses that were looked at here, so a name cannot mean
 * another one a moment later.
 */
final class AddressRule implements DnsResolver {
    /** 64:ff9b::/96 carries an IPv4 address in its last four bytes (RFC 6052 2.1). */
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    /** Where clouds answer a machine about itself, beside the link-local one; in the order AWS, Google, Alibaba, Oracle. */
    private static final Set<InetAddress> METADATA = Set.of(
            literal("fd00:ec2::254"), literal("fd20:ce::254"), literal("100.100.100.200"), literal("192.0.0.192"));

    private final Lookup lookup;
    private volatile boolean localAllowed;

    /** Asks for the addresses of a name. */
    interface Lookup {
        InetAddress[] all(String name) throws UnknownHostException;
    }

    /** A name of which no address may be spoken to. */
    static final class RefusedException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        RefusedException(String name) {
            super(name + " is this server itself, a link-local address or a cloud's metadata service");
        }
    }

    AddressRule(Lookup lookup) {
        this.lookup = lookup;
    }

    void localAllowed(boolean now) {
        localAllowed = now;
    }

    @Override
    public InetAddress[] resolve(String name) throws UnknownHostException {
        InetAddress[] all = lookup.all(name);
        if (localAllowed) {
            return all;
        }
        InetAddress[] open =
                Arrays.stream(all).filter(address -> !isLocal(address)).toArray(InetAddress[]::new);
        if (open.length == 0) {
            throw new RefusedException(name);
        }
        return open;
    }

    @Override
    public String resolveCanonicalHostname(String name) {
        return name;
    }

    static boolean isLocal(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address && Arrays.equals(NAT64, Arrays.copyOf(bytes, NAT64.length))) {
            return isLocal(embedded(bytes));
        }
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                // "This network" (RFC 1122 3.2.1.3): Linux takes it for the machine itself.
                || address instanceof Inet4Address && bytes[0] == 0
                || METADATA.contains(address)
                || isOwn(address);
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(address + " is no name", impossible);
        }
    }

    private static InetAddress embedded(byte[] bytes) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, NAT64.length, bytes.length));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four bytes are an address", impossible);
        }
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            // Rather an endpoint too few.
            return true;
        }
    }
}
