// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The RTSP server; {@code etc/org.nxvms.live.rtsp.cfg}. */
@ObjectClassDefinition(
        name = "NXvms RTSP server",
        description =
                "Streams for players and other systems. Applied at once, to those who come; switching it off ends what plays")
@interface Settings {
    @AttributeDefinition(name = "On", description = "Whether there is an RTSP server at all")
    boolean enabled() default true;

    @AttributeDefinition(
            name = "Port",
            description = "For RTSP and RTSPS (TLS), which are told apart by their first byte. 0: NXVMS_RTSP_PORT",
            min = "0",
            max = "65535")
    int port() default 0;

    @AttributeDefinition(
            name = "Address",
            description = "Where it listens: an address of this machine; empty: all of them")
    String address() default "";

    @AttributeDefinition(
            name = "Without TLS",
            description = "Whether rtsp: is served besides rtsps:. Keys are never sent in the clear, pictures are")
    boolean plain() default true;

    @AttributeDefinition(
            name = "TLS 1.2",
            description = "Whether rtsps: is served to players that know nothing newer, besides TLS 1.3")
    boolean tls12() default false;

    @AttributeDefinition(
            name = "UDP",
            description = "Whether clients may have packets sent by UDP, to their own address and never over TLS")
    boolean udp() default true;

    @AttributeDefinition(
            name = "First UDP port",
            description = "Of those that packets are sent from, for firewalls; two a track. 0: any",
            min = "0",
            max = "65535")
    int udpPortMin() default 0;

    @AttributeDefinition(name = "Last UDP port", description = "As the first one. 0: any", min = "0", max = "65535")
    int udpPortMax() default 0;

    @AttributeDefinition(
            name = "Sessions",
            description = "Streams played at the same time to all. Each has two threads and holds one picture. Beyond,"
                    + " 453. 1..1024",
            min = "1",
            max = "1024")
    int sessionsMax() default 128;

    @AttributeDefinition(
            name = "Sessions per user",
            description = "Streams played at the same time to one user, by whichever of the user's keys. 1..1024",
            min = "1",
            max = "1024")
    int sessionsPerUserMax() default 64;

    @AttributeDefinition(
            name = "Time-out in seconds",
            description = "Who says nothing for so long is gone, unless packets go out over TCP. 10..600",
            min = "10",
            max = "600")
    int timeoutSeconds() default 60;

    @AttributeDefinition(
            name = "Tick in ms",
            description =
                    "Pictures are sent as soon as they are there; where very many come, those of a tick together. 1..100",
            min = "1",
            max = "100")
    int tickMs() default 10;
}
