// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** So many bytes of a connection, and no more. */
final class LimitedBody extends FilterInputStream {
    private long left;

    LimitedBody(InputStream in, long length) {
        super(in);
        left = length;
    }

    @Override
    public int read() throws IOException {
        if (left == 0) {
            return -1;
        }
        int next = super.read();
        left -= next < 0 ? 0 : 1;
        return next;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = super.read(into, from, (int) Math.min(left, length));
        left -= Math.max(0, count);
        return count;
    }

    /** The connection is its owner's. */
    @Override
    public void close() {
        left = 0;
    }
}
