// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.nxvms.driver.spi.Credentials;

/**
 * How recordings are fetched from a device.
 *
 * @param tls for addresses of RTSP over TLS
 * @param verify whether the certificate must be of the host
 * @param timeoutMs for an answer, and for the next bytes
 */
record ReplayWay(Optional<Credentials> credentials, SSLContext tls, boolean verify, int timeoutMs) {}
