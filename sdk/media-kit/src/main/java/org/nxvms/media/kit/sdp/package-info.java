// SPDX-License-Identifier: Apache-2.0
/**
 * Does: read session descriptions (RFC 8866) as cameras write them. Does not: negotiate or judge codecs. Start reading at
 * {@link org.nxvms.media.kit.sdp.SessionDescription}.
 */
package org.nxvms.media.kit.sdp;
