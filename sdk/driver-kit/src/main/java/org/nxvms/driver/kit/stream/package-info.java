// SPDX-License-Identifier: Apache-2.0
/**
 * What can be set for streams of RTSP, whatever driver names them.
 *
 * <p>Does: describe the settings that are quirks of an endpoint. Does not: ask devices. Copied into a driver's jar, never
 * exported. Start reading at {@link org.nxvms.driver.kit.stream.StreamSettings}.
 */
package org.nxvms.driver.kit.stream;
