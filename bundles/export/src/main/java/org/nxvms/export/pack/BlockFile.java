// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that grows: what is put is collected in blocks, which another thread writes past the page cache (ADR 179). What does not
 * fill a page of the disk goes through it, and is written again with what follows. Where the system has no way past it, all of it goes
 * through, and is made durable every {@link #FORCE_BYTES} while as much again is written at most, so that it never fills the memory
 * that the recorder's files need. One thread at a time.
 */
final class BlockFile implements AutoCloseable {
    /** One is filled, one hashed and written, and one is there when either takes longer. */
    private static final int BLOCKS = 3;

    private static final int BLOCK_BYTES = 4 << 20;
    /** What the disk takes as a whole, wherever it lies. */
    private static final int PAGE_BYTES = 4_096;

    private static final long FORCE_BYTES = 16L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(BlockFile.class);

    private final FileChannel file;
    private final Optional<FileChannel> past;
    /** What begins within is written with what is before it. */
    private final int unit;

    private final SideWork writer = new SideWork("writes");
    private final SideWork syncer = new SideWork("syncs");
    private final Block[] blocks = new Block[BLOCKS];
    private int filling;
    /** Where the block that is filled lies, at a page's beginning. */
    private long base;
    /** What of it is written, or soon: whole pages. */
    private int flushed;

    private SideWork.Begun writing = SideWork.Begun.NOTHING;
    private SideWork.Begun syncing = SideWork.Begun.NOTHING;
    private long unforced;
    private volatile boolean refused;

    private static final class Block {
        final ByteBuffer memory = ByteBuffer.allocateDirect(BLOCK_BYTES + PAGE_BYTES)
                .alignedSlice(PAGE_BYTES)
                .slice(0, BLOCK_BYTES);
        SideWork.Begun reading = SideWork.Begun.NOTHING;
        SideWork.Begun writing = SideWork.Begun.NOTHING;
    }

    /**
     * Nothing can be put before {@link #startAt}.
     *
     * @param past the same file, past the page cache; both are closed with this
     */
    BlockFile(FileChannel file, Optional<FileChannel> past) {
        this.file = file;
        this.past = past;
        this.unit = past.isPresent() ? PAGE_BYTES : 1;
        this.refused = past.isEmpty();
    }

    /** {@return a way to write a file past the page cache, if the system has one} */
    static Optional<FileChannel> pastCache(Path path) {
        try {
            if (PAGE_BYTES % Files.getFileStore(path).getBlockSize() != 0) {
                return Optional.empty();
            }
            return Optional.of(FileChannel.open(path, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT));
        } catch (IOException | UnsupportedOperationException none) {
            LOG.debug("{} is written through the page cache: {}", path, none.toString());
            return Optional.empty();
        }
    }

    /** Cuts off what lies behind, and goes on there. */
    void startAt(long at) throws IOException {
        if (blocks[filling] == null) {
            // Not before: who finds the file in use tries again and again.
            Arrays.setAll(blocks, i -> new Block());
        }
        settle();
        file.truncate(at);
        Block block = blocks[filling];
        block.memory.clear();
        flushed = 0;
        base = at - at % unit;
        read(block.memory.limit((int) (at - base)), base);
        block.memory.limit(BLOCK_BYTES);
    }

    /** Nothing of it is read by another thread any more, and what was to be written is. */
    private void settle() throws IOException {
        for (Block block : blocks) {
            block.reading.end();
            block.writing.end();
        }
        written();
    }

    /** {@return where what is put next will stand} */
    long at() {
        return base + blocks[filling].memory.position();
    }

    /** {@return how much can be put at once}, one byte at least */
    int room() throws IOException {
        if (!blocks[filling].memory.hasRemaining()) {
            write();
            sync(false);
            base += BLOCK_BYTES;
            flushed = 0;
            filling = (filling + 1) % BLOCKS;
            Block next = blocks[filling];
            next.reading.end();
            next.writing.end();
            next.memory.clear();
        }
        return blocks[filling].memory.remaining();
    }

    boolean isFull() {
        return !blocks[filling].memory.hasRemaining();
    }

    /** Appends so many bytes, as there is {@link #room} at most. */
    void put(ByteBuffer source, int bytes) {
        ByteBuffer memory = blocks[filling].memory;
        memory.put(memory.position(), source, source.position(), bytes);
        memory.position(memory.position() + bytes);
        source.position(source.position() + bytes);
    }

    void put(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            put(source, Math.min(room(), source.remaining()));
        }
    }

    /** {@return so many bytes that were put last, none before the last {@link #room}} Valid until what {@link #reads} has ended. */
    ByteBuffer last(int bytes) {
        ByteBuffer memory = blocks[filling].memory;
        return memory.slice(memory.position() - bytes, bytes);
    }

    /** What was put last is read until then. */
    void reads(SideWork.Begun reading) {
        blocks[filling].reading = reading;
    }

    /** Puts something else where as much was put before, which nobody reads. */
    void replace(long at, ByteBuffer by) {
        int from = (int) Math.max(0, base - at);
        if (from < by.remaining()) {
            ByteBuffer memory = blocks[filling].memory;
            memory.put((int) (at + from - base), by, by.position() + from, by.remaining() - from);
        }
        if (at < base + flushed) {
            ByteBuffer content = by.duplicate();
            unforced += content.remaining();
            writing = writer.begin(() -> through(content, at));
        }
    }

    /** What was put is written, or soon. */
    private void write() {
        Block block = blocks[filling];
        int from = flushed;
        int to = block.memory.position();
        if (from < to) {
            int whole = to - to % unit;
            long at = base;
            ByteBuffer content = block.memory.duplicate();
            unforced += refused ? to - from : to - whole;
            block.writing = writer.begin(() -> write(content, at, from, whole, to));
            writing = block.writing;
            flushed = whole;
        }
    }

    /** On the writer's thread. */
    private void write(ByteBuffer content, long at, int from, int whole, int to) throws IOException {
        int done = from;
        if (!refused && from < whole) {
            done = past(content.duplicate().limit(whole).position(from), at + from) ? whole : from;
        }
        through(content.limit(to).position(done), at + done);
    }

    private boolean past(ByteBuffer content, long at) {
        try {
            for (long to = at; content.hasRemaining(); ) {
                to += past.orElseThrow().write(content, to);
            }
            return true;
        } catch (IOException failed) {
            // Not every system refuses it at once. If it is the disk, or its room, that is told when it goes through.
            LOG.info("A package goes on through the page cache: {}", failed.toString());
            refused = true;
            return false;
        }
    }

    private void through(ByteBuffer content, long at) throws IOException {
        for (long to = at; content.hasRemaining(); ) {
            to += file.write(content, to);
        }
    }

    /** Waits until all that was put can be read back. */
    void flush() throws IOException {
        write();
        written();
    }

    private void written() throws IOException {
        SideWork.Begun before = writing;
        writing = SideWork.Begun.NOTHING;
        before.end();
    }

    /** Reads back what was written. */
    void read(ByteBuffer target, long at) throws IOException {
        while (target.hasRemaining()) {
            if (file.read(target, at + target.position()) < 0) {
                throw new EOFException("the file ends early on the disk");
            }
        }
    }

    /** Begins to make durable what was put, when what was to be durable before is. */
    void sync() throws IOException {
        write();
        sync(true);
    }

    private void sync(boolean all) throws IOException {
        if (all || unforced + BLOCK_BYTES > FORCE_BYTES) {
            synced();
            SideWork.Begun before = writing;
            syncing = syncer.begin(() -> {
                before.end();
                file.force(all);
            });
            unforced = 0;
        }
    }

    private void synced() throws IOException {
        SideWork.Begun before = syncing;
        syncing = SideWork.Begun.NOTHING;
        before.end();
    }

    /** Has something done on another thread when what {@link #sync} began is durable, not when it fails. */
    void whenDurable(SideWork.Work work) {
        syncing = syncer.begin(work);
    }

    /** Writes what was put, and waits until all of it is durable. */
    void finish() throws IOException {
        flush();
        synced();
        file.force(true);
    }

    /** What was begun beside is over on return. */
    @Override
    public void close() throws IOException {
        // What is written is made durable behind it, and both need the file.
        writer.close();
        syncer.close();
        try (file) {
            if (past.isPresent()) {
                past.get().close();
            }
        }
    }
}
