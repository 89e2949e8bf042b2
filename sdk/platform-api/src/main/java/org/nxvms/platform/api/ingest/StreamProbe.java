// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.ingest;

import org.nxvms.media.StreamFormat;

/**
 * What a stream turned out to be.
 *
 * @param firstKeyFrameMs time from connecting to the first complete key frame
 */
public record StreamProbe(StreamFormat format, long firstKeyFrameMs) {}
