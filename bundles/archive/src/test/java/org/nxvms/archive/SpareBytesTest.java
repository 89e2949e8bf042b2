// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.Archive.SegmentBytes;
import org.nxvms.platform.api.archive.FootageBusyException;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FootageKeyMissingException;

/** When reading goes over to the copy, and when that would not help. */
class SpareBytesTest {
    private static final byte[] BYTES = "one footage, two files".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private final AtomicInteger opened = new AtomicInteger();

    /** Fails from a byte on. */
    private static final class File implements SegmentBytes {
        private final int until;
        private final IOException then;
        private boolean closed;

        File(int until, IOException then) {
            this.until = until;
            this.then = then;
        }

        @Override
        public long size() {
            return BYTES.length;
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            check(offset);
            int length = Math.min(target.remaining(), until - (int) offset);
            target.put(BYTES, (int) offset, length);
            return length;
        }

        @Override
        public void check(long offset) throws IOException {
            if (offset >= until) {
                throw then;
            }
        }

        @Override
        public void close() throws IOException {
            closed = true;
            if (until < BYTES.length) {
                throw new IOException("cannot even be closed");
            }
        }
    }

    private SpareBytes reader(SegmentBytes file) {
        return new SpareBytes(file, () -> {
            opened.incrementAndGet();
            return Optional.of(new File(BYTES.length, new IOException("the copy ends here")));
        });
    }

    @Test
    void whoIsInTheMiddleOfAFileThatFailsGoesOnInTheCopyAtTheSameByte() throws IOException {
        for (IOException why : List.of(new FootageDamagedException("altered"), new IOException("Input/output error"))) {
            File file = new File(9, why);
            SpareBytes bytes = reader(file);
            ByteBuffer read = ByteBuffer.allocate(BYTES.length);
            while (read.hasRemaining()) {
                bytes.read(read, read.position());
            }
            assertThat(read.array()).isEqualTo(BYTES);
            assertThat(file.closed).isTrue();
            bytes.close();
        }
        assertThat(opened).as("once a reader").hasValue(2);
    }

    @Test
    void whereTheKeyOrMemoryIsMissingTheCopyIsLeftAlone() {
        for (IOException why :
                new IOException[] {new FootageKeyMissingException("put it back"), new FootageBusyException("ask again")
                }) {
            SpareBytes bytes = reader(new File(0, why));
            assertThatThrownBy(() -> bytes.check(0)).isSameAs(why);
            assertThatThrownBy(() -> bytes.read(ByteBuffer.allocate(1), 0)).isSameAs(why);
        }
        assertThat(opened).hasValue(0);
    }

    @Test
    void withoutACopyTheFailureIsTold() {
        IOException why = new IOException("Input/output error");
        SpareBytes bytes = new SpareBytes(new File(0, why), Optional::empty);
        assertThatThrownBy(() -> bytes.check(0)).isSameAs(why);
    }
}
