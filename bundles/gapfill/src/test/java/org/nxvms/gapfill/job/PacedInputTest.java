// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

/** How much is read of what a camera sends. */
class PacedInputTest {
    private static final long FAST = 1L << 40;

    @Test
    void whatIsNotTooLongIsReadToItsEnd() throws Exception {
        PacedInput in = new PacedInput(new ByteArrayInputStream(new byte[200_000]), () -> FAST, 200_000);
        assertThat(in.readAllBytes()).hasSize(200_000);
    }

    @Test
    void whatHasNoEndIsReadNoFurtherThanThereCanBe() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return length;
            }
        };
        PacedInput in = new PacedInput(endless, () -> FAST, 200_000);
        assertThatThrownBy(() -> in.transferTo(OutputStream.nullOutputStream())).isInstanceOf(PacedInput.TooLong.class);
    }
}
