// SPDX-License-Identifier: Apache-2.0
/**
 * Does: what every ingest engine needs whatever its protocol: wall time of arriving media, when to try again, how many connects
 * a second, host names without waiting for them, how a wished stream fares, the writer of a stream and its memory. Does not:
 * open media connections, parse, know a protocol. Start reading at {@link org.nxvms.ingest.kit.StreamState}.
 */
package org.nxvms.ingest.kit;
