// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

/**
 * What a frame is. On the wire: its body's length (4 bytes, big-endian), its number here (1 byte), its body. The child says
 * HELLO first; the server answers with one order, and later to questions. A new type, or a new field at the end of a body, is a new {@link #VERSION}.
 */
public final class FrameType {
    /** Both sides come from one build; this finds the mistake when they do not. */
    public static final int VERSION = 7;

    public static final int MAGIC = 0x4E58_4D57;
    /** A body is no longer; the largest holds an access unit of 8 MiB. Bounds what a subverted child can make us reserve. */
    public static final int BODY_BYTES_MAX = (8 << 20) + (128 << 10);
    /** A text of a frame is no longer, in bytes of UTF-8. */
    public static final int TEXT_BYTES_MAX = 4096;

    // From the child.
    /** MAGIC, VERSION, FFmpeg's version as text. */
    public static final int HELLO = 1;
    /** Nothing but a sign of life, {@link #HEARTBEAT_MS} after the last one. */
    public static final int HEARTBEAT = 2;
    /** The tracks, see {@link TrackFacts}. */
    public static final int OPENED = 3;
    /** Track index, track. */
    public static final int CHANGED = 4;
    /** Track index (1), flags (1), time stamp (8), payload. */
    public static final int UNIT = 5;
    /** Number of the {@link EndReason} (4), sentence; the child ends. */
    public static final int ENDED = 6;
    /** A line of FFmpeg's log, without secrets. */
    public static final int LOG = 7;
    /** Number of the order (4), JPEG or brightness. */
    public static final int STILL = 8;
    /** Number of the order (4), sentence. */
    public static final int NO_STILL = 9;
    /** Where a host is, before each connection to it: number of the question (4), host. */
    public static final int ASK = 10;

    // From the server.
    /** A source to open, see {@link SourceOrder}. */
    public static final int OPEN = 32;
    /** A picture to make a JPEG of, or to tell the brightness of, see {@link StillOrder}; others may follow as {@link #PICTURE}. */
    public static final int DECODE = 33;
    /** The answer to a question, see {@link HostAnswer}. */
    public static final int HOST = 34;
    /** A stream to encode anew, see {@link TranscodeOrder}; its pictures follow as {@link #UNIT}. */
    public static final int TRANSCODE = 35;
    /** No picture follows for the {@link #TRANSCODE}: what is left comes, then {@link #ENDED}. */
    public static final int FINISH = 36;
    /** A picture that follows a {@link #DECODE}, see {@link StillOrder.Picture}. */
    public static final int PICTURE = 37;
    /** What is written into the picture of the next {@link #UNIT}: its time stamp (8), text. */
    public static final int CAPTION = 38;

    public static final int HEARTBEAT_MS = 500;

    private FrameType() {}
}
