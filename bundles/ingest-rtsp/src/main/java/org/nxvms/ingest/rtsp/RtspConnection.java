// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import javax.net.ssl.SSLException;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspFramer;
import org.nxvms.media.kit.rtsp.RtspMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection of one session: reads its wire into the loop's buffer, cuts frames and messages, queues what is sent. */
final class RtspConnection implements IoLoop.Socket {
    /** Who is behind the connection. Everything is called on the loop's thread. */
    interface Handler {
        void connected();

        void message(RtspMessage message);

        /** The request that was told to {@link #expect} was accepted. */
        void accepted();

        /** An interleaved frame at absolute positions of a buffer that is only valid during the call. */
        void frame(ByteBuffer in, int channel, int offset, int length);

        /** {@return how soon what the camera sends is wanted} */
        Urgency urgency();

        /** {@return whether nothing is begun of what came so far} */
        boolean betweenUnits();

        /** {@return how many bytes may come without danger to what a recorder has not read yet} */
        int roomBytes();

        void failed(Failure failure);
    }

    /** Opens the wire. */
    interface Opener {
        Wire open(IoLoop.Socket owner) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(RtspConnection.class);

    /** Reads per pass: a camera that sends without end cannot starve the others. */
    private static final int READS_PER_PASS_MAX = 4;
    /** Requests are small; a peer that does not read them is dead. */
    private static final int OUT_BYTES_MAX = 64 << 10;

    private static final int CARRY_BYTES_MIN = 4096;

    private final IoLoop loop;
    private final Handler handler;
    private final String peer;
    private final Wire wire;
    private final RtspFramer framer = new RtspFramer();
    private final ByteBuffer out = ByteBuffer.allocate(OUT_BYTES_MAX);

    /** The unfinished last element of the previous read, in read mode. */
    private ByteBuffer carry = ByteBuffer.allocate(CARRY_BYTES_MIN).limit(0);

    private boolean open;
    private boolean bytesSeen;
    private boolean rtspSeen;
    private boolean closed;
    private boolean pausing;
    private boolean awaited;
    private final Haste haste;
    private final Portions portions;

    RtspConnection(IoLoop loop, Opener opener, String peer, Handler handler) throws IOException {
        this.loop = loop;
        this.handler = handler;
        this.peer = peer;
        this.haste = new Haste(loop.nowNs());
        this.portions = new Portions(handler::roomBytes);
        this.wire = opener.open(this);
    }

    @Override
    public void ready() {
        if (closed) {
            return;
        }
        try {
            if (!open) {
                if (!wire.advance()) {
                    return;
                }
                open = true;
                haste.room(wire.roomBytes());
                handler.connected();
            }
            if (!closed && !paused()) {
                read();
            }
            if (!closed && (out.position() > 0 || wire.pending())) {
                flush();
            }
        } catch (RtspException notRtsp) {
            end(Failure.protocol(peer + ": " + notRtsp.getMessage()));
        } catch (FailureException told) {
            end(told.failure());
        } catch (SSLException noTls) {
            end(Refusals.tls(peer, noTls));
        } catch (IOException broken) {
            end(Failure.unreachable(describe(broken)));
        }
    }

    private String describe(IOException broken) {
        String text = String.valueOf(broken.getMessage());
        if (text.contains("refused")) {
            return peer + " refuses the connection; is the camera on and the port right?";
        }
        if (text.contains("unreachable") || text.contains("No route")) {
            return "there is no route to " + peer;
        }
        return "the connection to " + peer + " broke: " + text;
    }

    @Override
    public boolean patient() {
        Urgency urgency = urgency();
        return urgency == Urgency.LATER || awaited && urgency == Urgency.AT_ONCE;
    }

    private Urgency urgency() {
        boolean calm = open && !pausing && out.position() == 0 && haste.isOver(loop.nowNs());
        return calm ? handler.urgency() : Urgency.EACH_TICK;
    }

    /**
     * Has the loop woken by what comes as long as somebody watches. To be called at a steady pace.
     *
     * @return whether the next look may be a late one
     */
    boolean attend() {
        boolean wanted = urgency() == Urgency.AT_ONCE;
        if (!closed && wanted != awaited) {
            try {
                wire.await(wanted);
                awaited = wanted;
            } catch (CancelledKeyException stillLeaving) {
                LOG.trace("{}: the key of the last time has not left its selector yet", peer);
            } catch (IOException broken) {
                end(Failure.unreachable(describe(broken)));
            }
        }
        return patient();
    }

    @Override
    public boolean midway() {
        return open && !closed && (carry.hasRemaining() || !handler.betweenUnits());
    }

    private void read() throws IOException, RtspException {
        haste.found(take(), loop.nowNs());
    }

    /** {@return bytes that were there} */
    private int take() throws IOException, RtspException {
        ByteBuffer in = loop.shared();
        int taken = 0;
        for (int i = 0; i < READS_PER_PASS_MAX && !closed && !paused(); i++) {
            int portion = portions.next(loop.nowNs());
            if (portion == 0) {
                break;
            }
            in.clear();
            in.put(carry);
            in.limit((int) Math.min(in.capacity(), (long) in.position() + portion));
            int count = wire.read(in);
            boolean more = wire.mayHoldMore(in.remaining());
            in.flip();
            parse(in);
            keepRest(in);
            bytesSeen |= count > 0;
            taken += Math.max(0, count);
            if (count < 0) {
                end(closedByPeer());
            }
            if (!more) {
                break;
            }
        }
        return taken;
    }

    private Failure closedByPeer() {
        if (rtspSeen) {
            return Failure.unreachable(peer + " closed the connection");
        }
        return bytesSeen
                ? Failure.protocol(peer + " answers with something that is not RTSP; check the port")
                : Failure.protocol(peer + " accepts the connection and closes it at once; is this its RTSP port?");
    }

    private void parse(ByteBuffer in) throws RtspException {
        while (!closed && !paused()) {
            int found = framer.next(in);
            if (found == RtspFramer.FRAME) {
                handler.frame(in, framer.channel(), framer.payloadOffset(), framer.payloadLength());
            } else if (found == RtspFramer.MESSAGE) {
                rtspSeen = true;
                handler.message(framer.message());
            } else if (found == RtspFramer.ACCEPTED) {
                handler.accepted();
            } else {
                return;
            }
        }
    }

    private void keepRest(ByteBuffer in) {
        int rest = in.remaining();
        if (carry.capacity() < rest) {
            carry = ByteBuffer.allocate(Integer.highestOneBit(rest) << 1);
        }
        carry.clear();
        carry.put(in).flip();
    }

    /** The answer to this request need not be read if it only says that it was accepted. */
    void expect(int cseq) {
        framer.expect(cseq);
    }

    /**
     * Sends now what the wire takes and the rest when it can; a peer that does not read ends the session. The buffer is the
     * caller's again.
     */
    void send(ByteBuffer bytes) {
        if (closed) {
            return;
        }
        if (out.remaining() < bytes.remaining()) {
            end(Failure.unreachable(peer + " no longer takes requests"));
            return;
        }
        out.put(bytes);
        try {
            flush();
        } catch (IOException broken) {
            end(Failure.unreachable(describe(broken)));
        }
    }

    private void flush() throws IOException {
        out.flip();
        try {
            wire.write(out);
        } finally {
            out.compact();
        }
    }

    /** Goes on where the peer has spoken RTSP already. */
    void goOn() {
        rtspSeen = true;
    }

    /** Reads no further than to the end of the picture at hand. {@return false when nobody else could read on} */
    boolean pause() {
        pausing = open && !closed && wire.isPlain();
        return pausing;
    }

    /** {@return whether that end is reached} */
    boolean paused() {
        return pausing && out.position() == 0 && handler.betweenUnits();
    }

    /** Gives the connection away as it is. */
    Wire.Released release() {
        closed = true;
        Wire.Released released = wire.release();
        ByteBuffer unread =
                ByteBuffer.allocate(carry.remaining() + released.unread().remaining());
        unread.put(carry).put(released.unread()).flip();
        return new Wire.Released(released.channel(), unread);
    }

    /** {@return the address the camera sees} */
    InetAddress localAddress() throws IOException {
        return wire.localAddress();
    }

    @Override
    public void broke(Throwable fault) {
        end(Failure.internal(fault));
    }

    private void end(Failure failure) {
        if (!closed) {
            close();
            handler.failed(failure);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            wire.close();
        }
    }
}
