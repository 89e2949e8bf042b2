// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Limits of the installer; {@code etc/org.nxvms.plugins.cfg}. */
@ObjectClassDefinition(name = "NXvms plugins", description = "Installing, exchanging and taking out plugins")
@interface PluginLimits {
    @AttributeDefinition(
            name = "Largest file in MiB",
            description = "A larger plugin is refused while it arrives",
            min = "1",
            max = "1024")
    int fileMebibytesMax() default 64;

    @AttributeDefinition(
            name = "Seconds until its service is seen",
            description =
                    "So long for its start, and as long again for its service; a plugin that is not up by then is taken"
                            + " out again; at the server's start it is called failed",
            min = "1",
            max = "300")
    int serviceSeconds() default 15;

    @AttributeDefinition(
            name = "Milliseconds in which frames are counted",
            description = "Before and after each operation, for its receipt; an operation takes longer by this",
            min = "0",
            max = "60000")
    int frameWindowMs() default 1000;
}
