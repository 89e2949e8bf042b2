// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.nio.ByteBuffer;
import org.nxvms.media.kit.live.LiveFormat;

/**
 * One access unit, ready to send to any number of viewers.
 *
 * @param format what its initialisation segment is
 * @param bytes {@code prft moof mdat}; shared, so senders take {@link ByteBuffer#duplicate()}
 * @param key whether a viewer can begin here
 */
record Fragment(LiveFormat format, ByteBuffer bytes, boolean key) {}
