// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.network;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whom the server may be told to speak to. Private networks are where cameras are, so they are open to everybody who may name
 * an address at all; metadata services of clouds and what is no single host never are. A name says nothing until it is looked
 * up: whoever connects judges {@linkplain #refusal the addresses} that it connects to, and {@linkplain #refusalOf hosts} are
 * judged as they are given, so that the field can be named.
 *
 * <p>A value; never blocks. Sources: IANA's special-purpose address registries (RFC 6890), RFC 3927, RFC 4291, RFC 6052.
 *
 * @param localAllowed whether this machine may be spoken to
 * @param linkLocalAllowed whether link-local addresses may
 */
public record AddressRule(boolean localAllowed, boolean linkLocalAllowed) {
    /** For devices, unless an administrator says otherwise: simulated cameras and restreamers are on this machine. */
    public static final AddressRule DEVICES = new AddressRule(true, true);

    /** In the order AWS, AWS for containers, AWS by IPv6, Google by IPv6, Alibaba, Oracle. */
    private static final Set<InetAddress> METADATA = Set.of(
            literal("169.254.169.254"),
            literal("169.254.170.2"),
            literal("fd00:ec2::254"),
            literal("fd20:ce::254"),
            literal("100.100.100.200"),
            literal("192.0.0.192"));

    /** 64:ff9b::/96 carries an IPv4 address in its last four bytes (RFC 6052 2.1). */
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    private static final Pattern IPV6 = Pattern.compile("\\[?[0-9a-fA-F:.]{2,45}(%[\\w.-]{1,32})?]?");
    private static final Pattern PLAIN = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern NUMBER = Pattern.compile("0[xX][0-9a-fA-F]*|\\d+");
    /** As many as 32 bits have in octal, with a leading zero. */
    private static final int DIGITS_MAX = 12;

    private static final int PARTS_MAX = 4;

    /** {@return why an address is not spoken to, empty when it is} */
    public Optional<Refusal> refusal(InetAddress address) {
        Optional<InetAddress> within = embedded(address);
        if (within.isPresent()) {
            return refusal(within.get());
        }
        if (METADATA.contains(address instanceof Inet6Address six ? zoneless(six) : address)) {
            return Optional.of(Refusal.METADATA);
        }
        byte[] bytes = address.getAddress();
        boolean four = address instanceof Inet4Address;
        if (address.isAnyLocalAddress()
                || address.isMulticastAddress()
                // "This network" (RFC 1122 3.2.1.3), which Linux takes for the machine itself; reserved, and broadcast.
                || four && (bytes[0] == 0 || (bytes[0] & 0xF0) == 0xF0)) {
            return Optional.of(Refusal.NO_HOST);
        }
        if (!localAllowed && (address.isLoopbackAddress() || isOwn(address))) {
            return Optional.of(Refusal.THIS_MACHINE);
        }
        return !linkLocalAllowed && address.isLinkLocalAddress() ? Optional.of(Refusal.LINK_LOCAL) : Optional.empty();
    }

    /**
     * {@return why a host is not spoken to, as far as that can be told without a look-up}
     *
     * @param host name or address, an IPv6 address in brackets or not
     */
    public Optional<Refusal> refusalOf(String host) {
        String text = bare(host);
        if (isOdd(text)) {
            return Optional.of(Refusal.ODD_NOTATION);
        }
        Optional<InetAddress> address = written(text);
        if (address.isPresent()) {
            return refusal(address.get());
        }
        String name = text.toLowerCase(Locale.ROOT);
        // RFC 6761 6.3: these are loopback, whatever a name server says.
        return !localAllowed && (name.equals("localhost") || name.endsWith(".localhost"))
                ? Optional.of(Refusal.THIS_MACHINE)
                : Optional.empty();
    }

    /**
     * {@return the address that a host writes out} Digits are read as the C library does (inet_aton(3)): one to four parts, each
     * decimal, octal with a leading 0 or hexadecimal with 0x, the last one filling what is left. Empty for a name.
     */
    public static Optional<InetAddress> written(String host) {
        String text = bare(host);
        if (text.indexOf(':') >= 0) {
            return IPV6.matcher(text).matches() ? parsed(text) : Optional.empty();
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length > PARTS_MAX) {
            return Optional.empty();
        }
        long bits = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            long value = number(parts[i]);
            int widthBits = last ? 8 * (PARTS_MAX - i) : 8;
            if (value < 0 || value >= 1L << widthBits) {
                return Optional.empty();
            }
            bits = bits << widthBits | value;
        }
        return Optional.of(of(new byte[] {
            (byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits,
        }));
    }

    /** Whatever ends in a number is an address to somebody (WHATWG URL, "ends in a number"); here only the usual form is. */
    private static boolean isOdd(String host) {
        if (host.indexOf(':') >= 0) {
            return false;
        }
        String last = host.substring(host.lastIndexOf('.') + 1);
        return NUMBER.matcher(last).matches()
                && (!PLAIN.matcher(host).matches() || written(host).isEmpty());
    }

    private static long number(String part) {
        if (part.length() > DIGITS_MAX || !NUMBER.matcher(part).matches()) {
            return -1;
        }
        try {
            if (part.length() > 1 && (part.charAt(1) == 'x' || part.charAt(1) == 'X')) {
                return part.length() == 2 ? 0 : Long.parseLong(part.substring(2), 16);
            }
            return Long.parseLong(part, part.length() > 1 && part.charAt(0) == '0' ? 8 : 10);
        } catch (NumberFormatException notOctal) {
            return -1;
        }
    }

    /** Without brackets, and without the dot that ends a whole name. */
    private static String bare(String host) {
        String text = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return text.length() > 1 && text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    /** The IPv4 address that an IPv6 address leads to: NAT64, 6to4 (RFC 3056), IPv4-compatible and -mapped (RFC 4291 2.5.5). */
    private static Optional<InetAddress> embedded(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (!(address instanceof Inet6Address six)) {
            return Optional.empty();
        }
        if (bytes[0] == 0x20 && bytes[1] == 0x02) {
            return Optional.of(of(Arrays.copyOfRange(bytes, 2, 6)));
        }
        boolean compatible = six.isIPv4CompatibleAddress() && !six.isAnyLocalAddress() && !six.isLoopbackAddress();
        boolean translated = Arrays.equals(NAT64, Arrays.copyOf(bytes, NAT64.length));
        return compatible || translated ? Optional.of(of(Arrays.copyOfRange(bytes, 12, 16))) : Optional.empty();
    }

    private static InetAddress zoneless(Inet6Address address) {
        return of(address.getAddress());
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            // Rather one too few.
            return true;
        }
    }

    private static Optional<InetAddress> parsed(String literal) {
        try {
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }

    private static InetAddress literal(String address) {
        return parsed(address).orElseThrow();
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 or 16 bytes are an address", impossible);
        }
    }
}
