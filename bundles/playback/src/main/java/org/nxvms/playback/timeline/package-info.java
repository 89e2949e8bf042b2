// SPDX-License-Identifier: Apache-2.0
/**
 * What was recorded when, at the resolution a timeline can show.
 *
 * <p>Does: merge footage into spans, leave out what is smaller than a bucket, count coverage.
 * Does not: know HTTP or rights. Start reading at {@link org.nxvms.playback.timeline.Timeline}.
 */
package org.nxvms.playback.timeline;
