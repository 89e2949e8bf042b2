// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Where a host is.
 *
 * @param number of the question
 * @param addresses written out: what may be connected to, in this order; none: see {@code why}
 * @param why no connection can be made, in a sentence for people
 */
public record HostAnswer(int number, List<String> addresses, String why) {
    /** A camera's name has fewer; the rest is left out. */
    private static final int ADDRESSES_MAX = 8;

    public HostAnswer {
        addresses = addresses.stream().limit(ADDRESSES_MAX).toList();
    }

    public byte[] toBytes() {
        return new Body().number(number).texts(addresses).text(why).toBytes();
    }

    public static HostAnswer read(ByteBuffer in) throws WireException {
        return new HostAnswer(Body.number(in), Body.texts(in), Body.text(in));
    }
}
