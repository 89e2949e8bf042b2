// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** IP addresses in settings. Names are not asked for: a name server that hangs would hang the start. */
final class Literals {
    private static final Logger LOG = LoggerFactory.getLogger(Literals.class);
    private static final int ADDRESSES_MAX = 8;
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]{2,45}");

    private Literals() {}

    /** {@return the addresses; what is none is told in the log and left out} */
    static List<InetAddress> of(String[] texts) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            String address = text.trim();
            if (address.isEmpty()) {
                continue;
            }
            if (addresses.size() == ADDRESSES_MAX) {
                LOG.warn("Only the first {} of publicAddresses of org.nxvms.live.webrtc count", ADDRESSES_MAX);
                break;
            }
            boolean looksRight = ADDRESS.matcher(address).matches() && (address.contains(".") || address.contains(":"));
            try {
                if (!looksRight) {
                    throw new UnknownHostException("no IP address");
                }
                addresses.add(InetAddress.getByName(address));
            } catch (UnknownHostException e) {
                LOG.warn(
                        "\"{}\" in publicAddresses of org.nxvms.live.webrtc is no IP address and is left out: write it"
                                + " like 203.0.113.7",
                        address);
            }
        }
        return addresses;
    }
}
