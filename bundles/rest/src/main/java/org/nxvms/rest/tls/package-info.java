// SPDX-License-Identifier: Apache-2.0
/**
 * The certificate by which the server shows who it is.
 *
 * <p>Does: takes a certificate and its key from files as they change, checks them, puts them where the web server reads.
 * Does not: speak TLS; ask anybody for a certificate. Start reading at {@link org.nxvms.rest.tls.ServerCertificate}.
 */
package org.nxvms.rest.tls;
