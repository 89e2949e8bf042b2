// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.tls;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the certificate comes from; {@code etc/org.nxvms.web.certificate.cfg}. */
@ObjectClassDefinition(
        name = "NXvms HTTPS certificate",
        description = "Files that are watched; a change is taken over within seconds and ends no connection")
@interface CertificateSettings {
    @AttributeDefinition(
            name = "Certificate file",
            description = "PEM: the server's certificate, then those of who issued it. Empty:"
                    + " NXVMS_DATA/keys/https-cert.pem, if there is one")
    String certificateFile() default "";

    @AttributeDefinition(
            name = "Key file",
            description = "PEM: the private key of the certificate, without a password. Empty:"
                    + " NXVMS_DATA/keys/https-key.pem")
    String keyFile() default "";
}
