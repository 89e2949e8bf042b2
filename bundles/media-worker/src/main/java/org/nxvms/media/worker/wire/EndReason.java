// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

/** Why a source ended, as the child sees it. On the wire by its place here: add at the end. */
public enum EndReason {
    /** It has no more to send. */
    END,
    /** Refused, no route, time-out, broken connection. */
    UNREACHABLE,
    /** Credentials missing, wrong or not enough. */
    AUTH,
    /** The host answers, but not at this path. */
    NOT_FOUND,
    /** The host is too busy. */
    BUSY,
    /** What it sends is no media FFmpeg was allowed to open. */
    PROTOCOL,
    /** Media without a track that could be recorded. */
    UNSUPPORTED,
    /** Open, but nothing arrives. */
    STALLED,
    /** FFmpeg or the child itself failed. */
    FAULT;

    private static final EndReason[] ALL = values();

    /** {@return the reason of this number; one this version does not know is a fault} */
    public static EndReason of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : FAULT;
    }

    /** {@return the body of a frame that says so} */
    public byte[] body(String sentence) {
        return new Body().number(ordinal()).text(sentence).toBytes();
    }
}
