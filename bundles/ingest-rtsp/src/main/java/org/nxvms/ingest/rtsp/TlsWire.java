// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * TLS on another wire. What precedes the media runs on a control thread, as it takes milliseconds: reading the certificates
 * this host trusts, and the arithmetic of the handshake. What follows costs microseconds and stays on the loop. The JDK's engine allocates some objects a record: TLS is the one path of media
 * that is not free of garbage.
 */
final class TlsWire implements Wire {
    /** Steps of one call: a peer that asks for a new handshake all the time does not hold the loop up. */
    private static final int STEPS_MAX = 64;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Wire wire;
    private final Maker maker;
    private final Runnable owner;
    private final Offload offload;
    /** Set on a control thread, before the loop's is told. */
    private volatile SSLEngine engine;

    private volatile GeneralSecurityException notMade;
    /** Records from the peer, in write mode. */
    private ByteBuffer netIn = NOTHING;
    /** Records for the peer, in read mode. */
    private ByteBuffer netOut = NOTHING;

    private boolean begun;
    private boolean shaken;
    private boolean thinking;
    private boolean closed;

    /** Runs what takes long elsewhere. */
    interface Offload {
        /** Runs {@code task} on another thread and then {@code then} on the loop's. */
        void run(Runnable task, Runnable then);
    }

    /** Makes the engine; reads files, so never on the loop's thread. */
    interface Maker {
        SSLEngine make() throws GeneralSecurityException;
    }

    /** @param owner called on the loop's thread when a step that took long is done */
    TlsWire(Wire wire, Maker maker, Offload offload, Runnable owner) {
        this.wire = wire;
        this.maker = maker;
        this.offload = offload;
        this.owner = owner;
    }

    @Override
    public boolean advance() throws IOException {
        if (shaken || !wire.advance()) {
            return shaken;
        }
        if (!begun) {
            begun = true;
            think(this::make);
        }
        if (thinking) {
            return false;
        }
        if (netIn == NOTHING) {
            begin();
        }
        shaken = shake();
        return shaken;
    }

    private void make() {
        try {
            engine = maker.make();
        } catch (GeneralSecurityException noTls) {
            notMade = noTls;
        }
    }

    private void begin() throws IOException {
        if (engine == null) {
            throw new IOException(
                    notMade == null
                            ? "this server is too busy for another TLS connection"
                            : "this JVM cannot do TLS: " + notMade.getMessage(),
                    notMade);
        }
        engine.setUseClientMode(true);
        int bytes = engine.getSession().getPacketBufferSize();
        netIn = ByteBuffer.allocateDirect(2 * bytes);
        netOut = ByteBuffer.allocateDirect(bytes).limit(0);
        engine.beginHandshake();
    }

    /** {@return whether the handshake is over} */
    private boolean shake() throws IOException {
        for (int step = 0; step < STEPS_MAX && !thinking; step++) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> think(engine.getDelegatedTask());
                case NEED_WRAP -> {
                    if (!flushed()) {
                        return false;
                    }
                    wrap(NOTHING);
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!flushed() || !unwrapHandshake()) {
                        return false;
                    }
                }
                default -> {
                    return flushed();
                }
            }
        }
        return false;
    }

    private void think(Runnable task) {
        if (task == null) {
            return;
        }
        thinking = true;
        offload.run(task, () -> {
            thinking = false;
            if (!closed) {
                owner.run();
            }
        });
    }

    /** {@return whether there was a record to go on with} */
    private boolean unwrapHandshake() throws IOException {
        netIn.flip();
        SSLEngineResult result;
        try {
            result = engine.unwrap(netIn, NOTHING);
        } finally {
            netIn.compact();
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new SSLException("the camera ended the TLS handshake");
        }
        if (result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            return true;
        }
        int count = wire.read(netIn);
        if (count < 0) {
            throw new SSLException("the camera closed the connection during the TLS handshake");
        }
        return count > 0;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int total = 0;
        for (int step = 0; step < STEPS_MAX && !thinking; step++) {
            netIn.flip();
            SSLEngineResult result;
            try {
                result = engine.unwrap(netIn, into);
            } finally {
                netIn.compact();
            }
            total += result.bytesProduced();
            switch (result.getStatus()) {
                case OK -> {
                    if (result.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
                            && result.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.FINISHED) {
                        shake();
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    int count = wire.read(netIn);
                    if (count <= 0) {
                        return total > 0 ? total : count;
                    }
                }
                case BUFFER_OVERFLOW -> {
                    return total;
                }
                default -> {
                    return total > 0 ? total : -1;
                }
            }
        }
        return total;
    }

    @Override
    public boolean mayHoldMore(int roomLeft) {
        return roomLeft < engine.getSession().getApplicationBufferSize();
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        while (flushed() && from.hasRemaining()) {
            if (wrap(from) == 0) {
                return;
            }
        }
    }

    /** {@return bytes taken} */
    private int wrap(ByteBuffer from) throws IOException {
        netOut.clear();
        try {
            SSLEngineResult result = engine.wrap(from, netOut);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new SSLException("the camera ended the TLS session");
            }
            return result.bytesConsumed();
        } finally {
            netOut.flip();
        }
    }

    private boolean flushed() throws IOException {
        if (netOut.hasRemaining()) {
            wire.write(netOut);
        }
        return !netOut.hasRemaining();
    }

    @Override
    public boolean pending() {
        return netOut.hasRemaining();
    }

    @Override
    public int roomBytes() throws IOException {
        return wire.roomBytes();
    }

    @Override
    public void await(boolean wanted) throws IOException {
        wire.await(wanted);
    }

    @Override
    public InetAddress localAddress() throws IOException {
        return wire.localAddress();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (engine != null) {
            engine.closeOutbound();
        }
        wire.close();
    }
}
