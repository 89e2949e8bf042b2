// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.nxvms.simulator.fault.FaultKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One TCP connection of a client: its bytes in and out. Farm's thread only. */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    /** A request with its headers must fit. */
    private static final int REQUEST_MAX = 32 * 1024;
    /** A client that reads nothing but asks on is closed. */
    private static final int BACKLOG_MAX = 64 << 20;

    private static final long DRIP_TICK_NANOS = 50_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Camera camera;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final FarmLoop loop;
    private final Conversation conversation;
    private final ByteBuffer in = ByteBuffer.allocate(REQUEST_MAX);
    /** Bytes the socket did not take yet, ready to be read; null if none. */
    private ByteBuffer backlog;

    private long nextPumpNano;
    private long lastHeardNano = System.nanoTime();
    private long firstPlayNano = Long.MAX_VALUE;
    private long dripNano;
    private long nextOwnRequestNano;
    private boolean closeWhenSent;
    private boolean hung;
    private boolean deaf;

    Connection(Camera camera, FarmLoop loop, SocketChannel channel) throws IOException {
        this.camera = camera;
        this.channel = channel;
        this.loop = loop;
        this.conversation = new Conversation(camera, this, loop);
        this.key = channel.register(loop.selector(), SelectionKey.OP_READ, this);
    }

    void handle(SelectionKey ready) {
        try {
            if (ready.isReadable()) {
                read();
            }
            if (ready.isValid() && ready.isWritable()) {
                writeBacklog();
            }
        } catch (IOException e) {
            LOG.debug("camera {}: connection ends: {}", camera.number(), e.getMessage());
            close();
        }
    }

    private void read() throws IOException {
        if (conversation.isDeaf()) {
            deaf = true;
            key.interestOps(key.interestOps() & ~SelectionKey.OP_READ);
            return;
        }
        int count = channel.read(in);
        if (count < 0) {
            close();
            return;
        }
        touch();
        if (camera.faultSet().has(FaultKind.SILENT)) {
            in.clear();
            return;
        }
        in.flip();
        boolean more = true;
        while (more && channel.isOpen() && in.hasRemaining()) {
            more = in.get(in.position()) == '$' ? skipInterleaved() : readRequest();
        }
        in.compact();
        if (!in.hasRemaining()) {
            conversation.answerTooLong();
            closeAfterSending();
        }
    }

    private boolean skipInterleaved() {
        int length = in.remaining() < 4 ? Integer.MAX_VALUE : 4 + (in.getShort(in.position() + 2) & 0xffff);
        if (in.remaining() < length) {
            return false; // the largest one is longer than the buffer, but no client sends that much at once
        }
        ByteBuffer frame = in.duplicate();
        frame.limit(in.position() + length).position(in.position() + 4);
        conversation.take(in.get(in.position() + 1) & 0xff, frame);
        in.position(in.position() + length);
        return true;
    }

    private boolean readRequest() throws IOException {
        String text = new String(in.array(), in.position(), in.remaining(), StandardCharsets.ISO_8859_1);
        int leading = 0;
        while (leading < text.length() && (text.charAt(leading) == '\r' || text.charAt(leading) == '\n')) {
            leading++;
        }
        int end = text.indexOf("\r\n\r\n", leading);
        if (end < 0) {
            in.position(in.position() + leading);
            return false;
        }
        if (text.startsWith("RTSP/", leading)) {
            in.position(in.position() + end + 4); // the client's answer to a request of ours: it shows that it lives
            return true;
        }
        RtspRequest request = RtspRequest.parse(text.substring(leading, end)).orElse(null);
        int bodyLength = request == null ? 0 : bodyLength(request);
        if (text.length() < end + 4 + bodyLength) {
            return false;
        }
        in.position(in.position() + end + 4 + bodyLength);
        camera.counters().requests++;
        conversation.answer(request);
        return true;
    }

    private static int bodyLength(RtspRequest request) {
        try {
            int length = Integer.parseInt(request.header("content-length").orElse("0"));
            return Math.max(0, Math.min(REQUEST_MAX, length));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Sends, or keeps what the socket does not take. The buffer is free when this returns. */
    void send(ByteBuffer bytes) throws IOException {
        camera.counters().bytes += bytes.remaining();
        if (backlog == null && !camera.faultSet().has(FaultKind.SLOW_DRIP)) {
            channel.write(bytes);
        }
        if (bytes.hasRemaining()) {
            addToBacklog(bytes);
        }
    }

    private void addToBacklog(ByteBuffer bytes) throws IOException {
        int kept = backlog == null ? 0 : backlog.remaining();
        if (kept + bytes.remaining() > BACKLOG_MAX) {
            throw new IOException("the client does not read");
        }
        ByteBuffer larger = ByteBuffer.allocate(kept + bytes.remaining());
        if (backlog != null) {
            larger.put(backlog);
        }
        backlog = larger.put(bytes).flip();
        followBacklog();
    }

    private void writeBacklog() throws IOException {
        if (backlog != null && !camera.faultSet().has(FaultKind.SLOW_DRIP)) {
            channel.write(backlog);
        }
        followBacklog();
    }

    private void followBacklog() throws IOException {
        if (backlog != null && !backlog.hasRemaining()) {
            backlog = null;
            nextPumpNano = 0;
            if (closeWhenSent) {
                close();
                return;
            }
        }
        if (!key.isValid()) {
            return;
        }
        boolean waiting = backlog != null && !camera.faultSet().has(FaultKind.SLOW_DRIP);
        key.interestOps(waiting ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** A few bytes of the backlog, at the pace of {@link FaultKind#SLOW_DRIP}. */
    private long drip(long now) throws IOException {
        long pace = camera.faultSet().value(FaultKind.SLOW_DRIP);
        if (backlog == null || pace == 0) {
            dripNano = now;
            return backlog == null ? Long.MAX_VALUE : now;
        }
        long due = (now - dripNano) * pace / SECOND_NANOS;
        if (due > 0) {
            dripNano += due * SECOND_NANOS / pace;
            int limit = backlog.limit();
            backlog.limit((int) Math.min(limit, backlog.position() + due));
            channel.write(backlog);
            backlog.limit(limit);
            followBacklog();
        }
        return now + DRIP_TICK_NANOS;
    }

    /** From now on this end neither sends, reads nor closes, as if its power were cut. */
    void hang() {
        hung = true;
        key.interestOps(0);
    }

    boolean hangs() {
        return hung;
    }

    /** Sends what is due; returns when to come back. */
    long pump(long now) {
        if (hung) {
            return Long.MAX_VALUE;
        }
        try {
            if (backlog != null) {
                if (camera.faultSet().has(FaultKind.SLOW_DRIP)) {
                    return drip(now);
                }
                followBacklog();
                return Long.MAX_VALUE;
            }
            dripNano = now;
            if (now >= nextPumpNano) {
                nextPumpNano = conversation.pump(now);
            }
            return nextPumpNano;
        } catch (IOException e) {
            LOG.debug("camera {}: connection ends: {}", camera.number(), e.getMessage());
            close();
            return Long.MAX_VALUE;
        }
    }

    void houseKeep(long now) {
        long timeoutNanos = camera.settings().sessionTimeoutSeconds() * SECOND_NANOS;
        boolean closeAfter = camera.faultSet().has(FaultKind.CLOSE_AFTER);
        long playedNanos = now - firstPlayNano;
        if (hung) {
            return;
        }
        if (deaf && !conversation.isDeaf() && key.isValid()) {
            deaf = false;
            key.interestOps(key.interestOps() | SelectionKey.OP_READ);
        }
        if (conversation.hasSession() && now - lastHeardNano > timeoutNanos) {
            LOG.debug("camera {}: session timed out", camera.number());
            close();
        } else if (closeAfter
                && firstPlayNano != Long.MAX_VALUE
                && playedNanos >= camera.faultSet().value(FaultKind.CLOSE_AFTER) * SECOND_NANOS) {
            close();
        } else if (camera.faultSet().has(FaultKind.SERVER_REQUESTS) && isPlaying() && now >= nextOwnRequestNano) {
            nextOwnRequestNano = now + camera.faultSet().value(FaultKind.SERVER_REQUESTS) * SECOND_NANOS;
            askBack();
        }
    }

    /** A request of the camera's own, as some send to see whether a client lives. */
    private void askBack() {
        try {
            conversation.askBack();
        } catch (IOException e) {
            LOG.debug("camera {}: connection ends: {}", camera.number(), e.getMessage());
            close();
        }
    }

    void playStarted() {
        nextPumpNano = 0;
        if (firstPlayNano == Long.MAX_VALUE) {
            firstPlayNano = System.nanoTime();
        }
    }

    /** The client gave a sign of life. */
    void touch() {
        lastHeardNano = System.nanoTime();
    }

    boolean reportsFrom(InetSocketAddress from) {
        return conversation.reportsFrom(from);
    }

    boolean isPlaying() {
        return conversation.isPlaying();
    }

    boolean hasSession() {
        return conversation.hasSession();
    }

    boolean feedsGroup(Camera.Role role) {
        return !hung && conversation.feedsGroup(role);
    }

    boolean plays(Playback playback) {
        return conversation.plays(playback);
    }

    boolean hasBacklog() {
        return backlog != null;
    }

    InetSocketAddress remote() throws IOException {
        return (InetSocketAddress) channel.getRemoteAddress();
    }

    void closeAfterSending() {
        closeWhenSent = true;
        if (backlog == null) {
            close();
        }
    }

    void close() {
        conversation.over();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a connection: {}", e.getMessage());
        }
        camera.port().remove(this);
    }
}
