// SPDX-License-Identifier: Apache-2.0
/**
 * What every way of watching live needs to package a stream.
 *
 * <p>Does: choose the tracks that players know, tell decode times and where a viewer can begin. Does not: write boxes, keep
 * what was packaged. Start reading at {@link org.nxvms.media.kit.live.UnitTimes}.
 */
package org.nxvms.media.kit.live;
