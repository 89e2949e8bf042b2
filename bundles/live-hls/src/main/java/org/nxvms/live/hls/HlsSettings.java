// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How live streams are cut for players, and how much may be watched. */
@ObjectClassDefinition(
        name = "NXvms live streams for players",
        description = "LL-HLS and DASH. Applied at once, to streams that begin to be watched")
@interface HlsSettings {
    @AttributeDefinition(
            name = "Part in ms",
            description =
                    "How long a part of a segment is; players stay three of them behind the camera. With fewer than seven"
                            + " pictures in it, it is a number of pictures. 100..2000",
            min = "100",
            max = "2000")
    int partMs() default 300;

    @AttributeDefinition(
            name = "Segment in ms",
            description = "How long a segment shall be; it ends at the key frame that is nearest to that. 1000..10000",
            min = "1000",
            max = "10000")
    int segmentMs() default 2000;

    @AttributeDefinition(
            name = "Window in seconds",
            description =
                    "How far playlists reach back, at least three segments; so much again is kept in memory. 4..60",
            min = "4",
            max = "60")
    int windowSeconds() default 8;

    @AttributeDefinition(
            name = "Linger in seconds",
            description = "How long a stream is kept ready after the last player asked for it. 5..600",
            min = "5",
            max = "600")
    int lingerSeconds() default 30;

    @AttributeDefinition(
            name = "Memory per stream in MiB",
            description = "Beyond, the older segments of a stream are given up before their time. 2..256",
            min = "2",
            max = "256")
    int streamMebibytesMax() default 32;

    @AttributeDefinition(
            name = "Memory of all in MiB",
            description =
                    "Held on the heap for all watched streams together. Beyond, streams give up their older segments, and"
                            + " players of further streams are answered 503 with Retry-After. 8..4096",
            min = "8",
            max = "4096")
    int memoryMebibytesMax() default 128;

    @AttributeDefinition(
            name = "Waiting requests",
            description =
                    "Requests of all users that wait for what comes next, or are being answered; each player has two or"
                            + " three. Beyond, 503 with Retry-After. 1..4096",
            min = "1",
            max = "4096")
    int waitingMax() default 1024;

    @AttributeDefinition(
            name = "Waiting requests per user",
            description = "Of one user. 1..4096",
            min = "1",
            max = "4096")
    int waitingPerUserMax() default 256;

    @AttributeDefinition(
            name = "Tick in ms",
            description =
                    "Pictures are taken as soon as they are there; where very many come, those of a tick together. 1..100",
            min = "1",
            max = "100")
    int tickMs() default 10;
}
