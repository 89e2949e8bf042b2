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
    private static final String IPV4 = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}";
    /** Nothing that the platform would ask a name server about, such as {@code cafe.de}. */
    private static final Pattern ADDRESS =
            Pattern.compile(IPV4 + "|[0-9a-fA-F]{0,4}:[0-9a-fA-F:]{1,34}(:" + IPV4 + ")?");

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
            try {
                if (!ADDRESS.matcher(address).matches()) {
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
