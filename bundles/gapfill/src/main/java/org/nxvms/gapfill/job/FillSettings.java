// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What is filled by itself, and how fast; {@code etc/org.nxvms.gapfill.cfg}. */
@ObjectClassDefinition(
        name = "NXvms gap filling",
        description = "What cameras recorded themselves while nobody received it, put into the archive")
@interface FillSettings {
    @AttributeDefinition(
            name = "MiB per second",
            description = "No faster is read from cameras, all together",
            min = "1",
            max = "1000")
    int mebibytesPerSecond() default 2;

    @AttributeDefinition(
            name = "Delay in seconds",
            description = "So long after a camera came back what is missing is fetched",
            min = "0",
            max = "3600")
    int delaySeconds() default 20;

    @AttributeDefinition(
            name = "Hours back",
            description =
                    "What is missing for longer is not fetched by itself; when the server starts, so much is looked"
                            + " through",
            min = "1",
            max = "720")
    int hoursBack() default 24;
}
