// SPDX-License-Identifier: Apache-2.0
/**
 * Does: parse and build codec configuration (H.264 and H.265 parameter sets, avcC, hvcC, AudioSpecificConfig) and codec
 * strings. Does not: touch pictures, packets or files. Start reading at {@link org.nxvms.media.kit.nal.AvcParameterSets}.
 */
package org.nxvms.media.kit.nal;
