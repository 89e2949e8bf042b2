// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import javax.servlet.AsyncContext;
import javax.servlet.ServletOutputStream;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import net.lingala.zip4j.io.outputstream.ZipOutputStream;
import net.lingala.zip4j.model.ZipParameters;
import net.lingala.zip4j.model.enums.AesKeyStrength;
import net.lingala.zip4j.model.enums.CompressionMethod;
import net.lingala.zip4j.model.enums.EncryptionMethod;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a package within a ZIP that a password opens (AES-256, WinZip's AE-2). It is encrypted on its way and stays what it is on
 * the disk; the password is known while it is sent, and never afterwards. A thread of its own, of the lowest priority, goes as fast
 * as the client takes it.
 */
final class LockedSending implements Runnable, Pace.Download {
    private static final Logger LOG = LoggerFactory.getLogger(LockedSending.class);
    private static final int BUFFER_BYTES = 128 << 10;

    /**
     * What is sent.
     *
     * @param file closed when it ends, however it ends
     * @param name of the package within
     * @param password emptied then
     * @param access must hold all the time
     * @param after run at the end
     */
    record Wanted(FileChannel file, String name, char[] password, List<StandingAccess> access, Runnable after) {}

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Wanted wanted;
    private volatile long sent;
    private volatile boolean waits;
    private volatile boolean over;

    private LockedSending(AsyncContext async, ServletOutputStream out, Wanted wanted) {
        this.async = async;
        this.out = out;
        this.wanted = wanted;
    }

    /** {@return what begins to be sent} */
    static LockedSending start(HttpServletRequest request, HttpServletResponse response, Wanted wanted, long timeMsMax)
            throws IOException {
        ServletOutputStream out = response.getOutputStream();
        AsyncContext async = request.startAsync();
        async.setTimeout(timeMsMax);
        LockedSending sending = new LockedSending(async, out, wanted);
        Thread thread = new Thread(sending, "nxvms-export-locked");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
        return sending;
    }

    @Override
    public long sent() {
        return sent;
    }

    @Override
    public boolean waitsForClient() {
        return waits;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void breakOff() {
        LOG.info("A download with a password is hardly taken and broken off after {} bytes", sent);
        Sending.abort(async);
    }

    @Override
    public void run() {
        boolean whole = false;
        try {
            send();
            whole = true;
        } catch (IOException | RuntimeException e) {
            LOG.debug("A download with a password broke off: {}", e.toString());
        } finally {
            over = true;
            Arrays.fill(wanted.password(), '\0');
            wanted.after().run();
            close();
            end(whole);
        }
    }

    /** An answer that tells no length and ends as any other would be taken for a whole ZIP, until somebody opens it. */
    private void end(boolean whole) {
        if (!whole) {
            Sending.abort(async);
        }
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("A client was gone before its download ended: {}", e.toString());
        }
    }

    private void send() throws IOException {
        long size = wanted.file().size();
        // Closed only when it is whole: closing writes the directory.
        ZipOutputStream zip = new ZipOutputStream(out, wanted.password());
        zip.putNextEntry(entry(size));
        byte[] buffer = new byte[BUFFER_BYTES];
        ByteBuffer view = ByteBuffer.wrap(buffer);
        for (long at = 0; at < size; ) {
            check();
            view.clear().limit((int) Math.min(buffer.length, size - at));
            int read = wanted.file().read(view, at);
            if (read <= 0) {
                throw new IOException("the package ends " + (size - at) + " bytes early");
            }
            waits = true;
            zip.write(buffer, 0, read);
            waits = false;
            at += read;
            sent = at;
        }
        zip.closeEntry();
        zip.close();
    }

    private ZipParameters entry(long size) {
        ZipParameters entry = new ZipParameters();
        entry.setFileNameInZip(wanted.name());
        entry.setEntrySize(size);
        entry.setCompressionMethod(CompressionMethod.STORE);
        entry.setEncryptFiles(true);
        entry.setEncryptionMethod(EncryptionMethod.AES);
        entry.setAesKeyStrength(AesKeyStrength.KEY_STRENGTH_256);
        return entry;
    }

    private void check() throws IOException {
        try {
            for (StandingAccess one : wanted.access()) {
                one.check();
            }
        } catch (AccessDeniedException e) {
            throw new IOException("the package is not for this user any more: " + e.getMessage(), e);
        }
    }

    private void close() {
        try {
            wanted.file().close();
        } catch (IOException e) {
            LOG.debug("A package that was sent could not be closed", e);
        }
    }
}
