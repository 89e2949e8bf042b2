// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Limits and headers of the web server; {@code etc/org.nxvms.web.cfg}. */
@ObjectClassDefinition(name = "NXvms web server", description = "What holds for every request and answer")
@interface DoorSettings {
    @AttributeDefinition(
            name = "Requests a second per address",
            description =
                    "In the long run, of one IPv4 address or IPv6 /64; more are answered 429. The machine itself is"
                            + " not counted, nor what a proxy on it sends. 0: no limit",
            min = "0",
            max = "100000")
    int addressRequestsPerSecond() default 200;

    @AttributeDefinition(
            name = "Requests at once per address",
            description = "After a rest, beyond what comes by the second",
            min = "1",
            max = "1000000")
    int addressRequestsBurst() default 2000;

    @AttributeDefinition(
            name = "Connections per address",
            description = "Of one IPv4 address or IPv6 /64; the newest beyond it are closed. The machine itself is not"
                    + " counted",
            min = "10",
            max = "100000")
    int addressConnectionsMax() default 1000;

    @AttributeDefinition(
            name = "Seconds for a request's head",
            description = "A connection that has not brought the head of a whole request by then is closed",
            min = "5",
            max = "300")
    int headSecondsMax() default 20;

    @AttributeDefinition(
            name = "Origins let in",
            description =
                    "Pages of these other servers may call REST and media by an API key or access token (CORS):"
                            + " scheme://host, with the port where it is not the usual one; separated by commas. None by default")
    String allowedOrigins() default "";

    @AttributeDefinition(
            name = "Trusted proxies",
            description =
                    "Addresses of reverse proxies before this server, such as 127.0.0.1 or 10.1.0.0/16, separated by"
                            + " commas: their clients are known by what they add to the header below. They must add it to every"
                            + " request")
    String trustedProxies() default "";

    @AttributeDefinition(
            name = "Proxies write Forwarded",
            description = "true: the header Forwarded (RFC 7239) counts; false: X-Forwarded-For")
    boolean proxiesWriteForwarded() default false;

    @AttributeDefinition(
            name = "Days of HTTPS only",
            description =
                    "Browsers are told so (HSTS) once the certificate is one that browsers trust, never before; 0:"
                            + " they are not told",
            min = "0",
            max = "3650")
    int strictTransportDays() default 365;
}
