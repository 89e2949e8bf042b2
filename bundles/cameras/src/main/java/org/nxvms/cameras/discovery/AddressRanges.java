// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.network.Refusal;

/**
 * Reads addresses as people write them: one, {@code 192.0.2.10}; a range, {@code 192.0.2.10-192.0.2.90} or {@code
 * 192.0.2.10-90}; a network, {@code 192.0.2.0/24} (RFC 4632 3.1, RFC 4291 2.3). Names are none: what they mean changes.
 */
final class AddressRanges {
    private static final String FORMS = "Write an address, 192.0.2.10-192.0.2.90 or 192.0.2.0/24.";

    private record Range(BigInteger first, BigInteger last, int bytes) {}

    private final AddressRule rule;

    AddressRanges(AddressRule rule) {
        this.rule = rule;
    }

    /**
     * {@return each address once, in the order written} Those of a range that the server does not speak to are left out.
     *
     * @throws IllegalArgumentException with a sentence that names the text that is wrong
     */
    List<InetAddress> read(List<String> texts) {
        Set<InetAddress> all = new LinkedHashSet<>();
        for (String text : texts) {
            Range range = range(text.strip());
            BigInteger count = range.last().subtract(range.first()).add(BigInteger.ONE);
            if (count.signum() <= 0) {
                throw new IllegalArgumentException("\"" + text + "\" ends before it begins. " + FORMS);
            }
            if (count.compareTo(BigInteger.valueOf(DeviceDiscovery.ADDRESSES_MAX)) > 0) {
                throw tooMany();
            }
            boolean one = count.equals(BigInteger.ONE);
            for (BigInteger at = range.first(); at.compareTo(range.last()) <= 0; at = at.add(BigInteger.ONE)) {
                InetAddress address = address(at, range.bytes());
                Optional<Refusal> refused = rule.refusal(address);
                if (refused.isPresent() && one) {
                    throw new IllegalArgumentException(
                            "\"" + text + "\" " + refused.get().words() + ", which this server does not speak to.");
                }
                if (refused.isEmpty()) {
                    all.add(address);
                }
            }
            if (all.size() > DeviceDiscovery.ADDRESSES_MAX) {
                throw tooMany();
            }
        }
        if (all.isEmpty() && !texts.isEmpty()) {
            throw new IllegalArgumentException("There is no address among these that this server speaks to.");
        }
        return List.copyOf(all);
    }

    private static IllegalArgumentException tooMany() {
        return new IllegalArgumentException("These are more than " + DeviceDiscovery.ADDRESSES_MAX
                + " addresses. Search a part of them at a time.");
    }

    private static Range range(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return network(text, number(text.substring(0, slash), text), text.substring(slash + 1));
        }
        int dash = text.indexOf('-');
        if (dash < 0) {
            byte[] one = number(text, text);
            return new Range(new BigInteger(1, one), new BigInteger(1, one), one.length);
        }
        byte[] first = number(text.substring(0, dash).strip(), text);
        String end = text.substring(dash + 1).strip();
        byte[] last;
        if (first.length == 4 && end.matches("\\d{1,3}") && Integer.parseInt(end) <= 255) {
            last = first.clone();
            last[3] = (byte) Integer.parseInt(end);
        } else {
            last = number(end, text);
        }
        if (first.length != last.length) {
            throw wrong(text);
        }
        return new Range(new BigInteger(1, first), new BigInteger(1, last), first.length);
    }

    /** Without the addresses of an IPv4 network that are nobody's: its own, and that of all (RFC 919). */
    private static Range network(String text, byte[] address, String length) {
        int bits = 8 * address.length;
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > bits) {
            throw wrong(text);
        }
        int host = bits - Integer.parseInt(length);
        BigInteger size = BigInteger.ONE.shiftLeft(host);
        BigInteger first = new BigInteger(1, address).shiftRight(host).shiftLeft(host);
        BigInteger last = first.add(size).subtract(BigInteger.ONE);
        return address.length == 4 && host >= 2
                ? new Range(first.add(BigInteger.ONE), last.subtract(BigInteger.ONE), address.length)
                : new Range(first, last, address.length);
    }

    private static byte[] number(String address, String text) {
        // Only digits and the usual notation: no name is looked up.
        boolean plain = address.indexOf(':') >= 0 || address.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        return AddressRule.written(address)
                .filter(written -> plain && address.indexOf('%') < 0)
                .map(InetAddress::getAddress)
                .orElseThrow(() -> wrong(text));
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("\"" + text + "\" is no address. " + FORMS);
    }

    private static InetAddress address(BigInteger number, int bytes) {
        byte[] raw = number.toByteArray();
        byte[] padded = new byte[bytes];
        int length = Math.min(raw.length, bytes);
        System.arraycopy(raw, raw.length - length, padded, bytes - length, length);
        try {
            return InetAddress.getByAddress(padded);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(Arrays.toString(padded) + " is an address", impossible);
        }
    }
}
