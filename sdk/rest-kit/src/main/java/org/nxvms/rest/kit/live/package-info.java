// SPDX-License-Identifier: Apache-2.0
/**
 * Does: names of streams in requests, and problems of those that are encoded anew. Does not: open them in the hub. Start reading
 * at {@link org.nxvms.rest.kit.live.LiveStreams}.
 */
package org.nxvms.rest.kit.live;
