// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** {@code etc/org.nxvms.recorder.cfg}. */
@ObjectClassDefinition(
        name = "NXvms recorder",
        description = "Writes streams into the archive, each volume on a thread of its own")
@interface RecorderConfig {
    @AttributeDefinition(
            name = "Tick in milliseconds",
            description =
                    "How often a thread looks at its streams; longer costs less CPU and delays footage by as much",
            min = "5",
            max = "200")
    int tickMs() default 100;

    @AttributeDefinition(
            name = "Drain in milliseconds",
            description =
                    "How long a recorder that is replaced goes on to the next key frame, so that its successor can"
                            + " begin there; not used when the whole server stops",
            min = "0",
            max = "10000")
    int drainMs() default 3000;
}
