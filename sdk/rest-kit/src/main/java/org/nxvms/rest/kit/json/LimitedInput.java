// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.json;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.nxvms.rest.kit.problem.Problem;

/** A body that ends with a problem where it grows too large. */
final class LimitedInput extends FilterInputStream {
    private final int bytesMax;
    private int bytes;

    LimitedInput(InputStream in, int bytesMax) {
        super(in);
        this.bytesMax = bytesMax;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        count(Math.max(read, 0));
        return read;
    }

    private void count(int more) {
        bytes += more;
        if (bytes > bytesMax) {
            throw Problem.tooLarge("The body is larger than " + bytesMax + " bytes. Send less.")
                    .exception();
        }
    }
}
