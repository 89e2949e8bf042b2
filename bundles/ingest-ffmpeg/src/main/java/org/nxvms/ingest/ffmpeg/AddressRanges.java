// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A set of IP addresses written as {@code 169.254.0.0/16}. */
final class AddressRanges {
    private static final Logger LOG = LoggerFactory.getLogger(AddressRanges.class);

    /** @param bits how many leading bits count */
    private record Range(byte[] address, int bits) {
        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xFF : 0xFF << 8 - (bits - bit) & 0xFF;
                if ((other[bit >> 3] & mask) != (address[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Range> ranges;

    private AddressRanges(List<Range> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /** What cannot be read is said and left out. */
    static AddressRanges parse(String[] texts) {
        List<Range> ranges = new ArrayList<>();
        for (String text : texts) {
            String range = text.trim();
            if (!range.isEmpty()) {
                try {
                    ranges.add(range(range));
                } catch (UnknownHostException | IllegalArgumentException unreadable) {
                    LOG.error(
                            "addressesDenied in etc/org.nxvms.ingest.ffmpeg.cfg holds \"{}\", which is no range such as"
                                    + " 169.254.0.0/16; it is not denied",
                            range);
                }
            }
        }
        return new AddressRanges(ranges);
    }

    private static Range range(String text) throws UnknownHostException {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        // Only what is an address already: a name would be looked up.
        if (!address.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            throw new IllegalArgumentException("no address: " + address);
        }
        byte[] bytes = InetAddress.getByName(address).getAddress();
        int bits = slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > bytes.length * 8) {
            throw new IllegalArgumentException("prefix " + bits);
        }
        return new Range(bytes, bits);
    }

    boolean holds(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ranges.stream().anyMatch(range -> range.holds(bytes));
    }
}
