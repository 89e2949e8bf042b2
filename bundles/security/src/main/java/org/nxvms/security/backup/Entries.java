// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.nxvms.platform.api.backup.BackupException;

/**
 * What is within the cipher: named entries, each in blocks that tell their length, an empty one at its end; an empty name
 * at the end of all. Nothing is compressed, so that nothing is larger than the file it comes from.
 */
final class Entries {
    private static final int NAME_BYTES_MAX = 300;
    private static final int BLOCK_BYTES_MAX = 32 * 1_024;

    private Entries() {}

    /** Writes one entry after the other. */
    static final class Writer {
        private final DataOutputStream out;

        Writer(OutputStream out) {
            this.out = new DataOutputStream(out);
        }

        /** {@return where the entry's content goes; closing it ends the entry} */
        OutputStream entry(String name) throws IOException {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > NAME_BYTES_MAX) {
                throw new BackupException("The name " + name + " is too long for a backup.");
            }
            out.writeShort(bytes.length);
            out.write(bytes);
            return new Blocks(out);
        }

        void end() throws IOException {
            out.writeShort(0);
            out.flush();
        }
    }

    private static final class Blocks extends OutputStream {
        private final DataOutputStream out;
        private final byte[] block = new byte[BLOCK_BYTES_MAX];
        private int filled;
        private boolean closed;

        Blocks(DataOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            if (filled == block.length) {
                flushBlock();
            }
            block[filled++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int at = offset;
            while (at < offset + length) {
                if (filled == block.length) {
                    flushBlock();
                }
                int more = Math.min(offset + length - at, block.length - filled);
                System.arraycopy(bytes, at, block, filled, more);
                filled += more;
                at += more;
            }
        }

        private void flushBlock() throws IOException {
            out.writeInt(filled);
            out.write(block, 0, filled);
            filled = 0;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            if (filled > 0) {
                flushBlock();
            }
            out.writeInt(0);
        }
    }

    /** Reads one entry after the other; whatever the bytes are, it ends or says that they are in no order. */
    static final class Reader {
        private final DataInputStream in;

        Reader(InputStream in) {
            this.in = new DataInputStream(in);
        }

        /** {@return the next entry's name; empty at the end of all} The one before must have been read to its end. */
        Optional<String> next() throws IOException {
            int length = in.readUnsignedShort();
            if (length == 0) {
                if (in.read() >= 0) {
                    throw disorder();
                }
                return Optional.empty();
            }
            if (length > NAME_BYTES_MAX) {
                throw disorder();
            }
            return Optional.of(new String(exactly(length), StandardCharsets.UTF_8));
        }

        /** {@return the content of the entry whose name was read last} */
        InputStream content() {
            return new Content(in);
        }

        private byte[] exactly(int length) throws IOException {
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            return bytes;
        }
    }

    private static BackupException disorder() {
        return new BackupException("The content of the backup is in no order that is known. Use another copy of it.");
    }

    private static final class Content extends InputStream {
        private final DataInputStream in;
        private int left;
        private boolean ended;

        Content(DataInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0 && !ended) {
                left = in.readInt();
                ended = left == 0;
                if (left < 0 || left > BLOCK_BYTES_MAX) {
                    throw disorder();
                }
            }
            if (ended) {
                return -1;
            }
            int some = Math.min(length, left);
            in.readFully(bytes, offset, some);
            left -= some;
            return some;
        }
    }
}
