// SPDX-License-Identifier: Apache-2.0
/**
 * Driver of every camera that has an RTSP URL.
 *
 * <p>Does: checks the addresses and settings an administrator typed and turns them into stream
 * endpoints. Does not: open a connection; the platform's ingest does, and tells what it found. Start
 * reading at {@link org.nxvms.driver.rtsp.RtspDriver}.
 */
package org.nxvms.driver.rtsp;
