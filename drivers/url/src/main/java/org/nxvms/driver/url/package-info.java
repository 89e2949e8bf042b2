// SPDX-License-Identifier: Apache-2.0
/**
 * Driver of every stream that has a URL and is no RTSP.
 *
 * <p>Does: checks the addresses and settings an administrator typed and turns them into stream
 * endpoints. Does not: open a connection; the platform's ingest does, and decides what it may reach.
 * Start reading at {@link org.nxvms.driver.url.UrlDriver}.
 */
package org.nxvms.driver.url;
