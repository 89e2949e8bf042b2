// SPDX-License-Identifier: Apache-2.0
/**
 * Does: write and read fragmented MP4 (ISO/IEC 14496-12): init segment, fragment headers without allocation, index boxes,
 * recovery scan. Does not: open files, keep sample data, decide where a fragment ends. Start reading at
 * {@link org.nxvms.media.kit.fmp4.FragmentBuilder}.
 */
package org.nxvms.media.kit.fmp4;
