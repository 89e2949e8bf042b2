// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.wire;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A source to open. Empty user name: no credentials.
 *
 * @param uri without user information
 * @param protocols FFmpeg's protocol whitelist
 * @param containers FFmpeg's format whitelist
 */
public record SourceOrder(
        String uri,
        String username,
        String password,
        List<String> protocols,
        List<String> containers,
        boolean verifyTls,
        boolean loop,
        int openTimeoutMs,
        int readTimeoutMs) {
    public byte[] toBytes() {
        return new Body()
                .text(uri)
                .text(username)
                .text(password)
                .texts(protocols)
                .texts(containers)
                .flag(verifyTls)
                .flag(loop)
                .number(openTimeoutMs)
                .number(readTimeoutMs)
                .toBytes();
    }

    public static SourceOrder read(ByteBuffer in) throws WireException {
        return new SourceOrder(
                Body.text(in),
                Body.text(in),
                Body.text(in),
                Body.texts(in),
                Body.texts(in),
                Body.flag(in),
                Body.flag(in),
                Body.number(in),
                Body.number(in));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "SourceOrder[" + uri + "]";
    }
}
