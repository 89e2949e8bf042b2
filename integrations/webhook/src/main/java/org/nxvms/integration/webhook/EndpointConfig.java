// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook;

import org.nxvms.integration.webhook.settings.Settings;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** One endpoint; a factory configuration {@code org.nxvms.integration.webhook~NAME}. Read by {@link Settings#of}. */
@ObjectClassDefinition(
        name = "NXvms webhook",
        description = "One endpoint that is told by HTTP what happens; also /api/v1/webhooks")
@interface EndpointConfig {
    @AttributeDefinition(name = "Name", description = "Unique on this server: 1..40 of a-z 0-9 _ -")
    String name();

    @AttributeDefinition(name = "Address", description = "https:// or http://, without user and password")
    String url();

    @AttributeDefinition(name = "Enabled", description = "Whether anything is sent; an answer 410 makes it false")
    boolean enabled() default true;

    @AttributeDefinition(
            name = "Kinds",
            description = "Kinds or families such as camera.*, joined by commas; empty = all",
            required = false)
    String kinds() default "";

    @AttributeDefinition(
            name = "Cameras",
            description = "Ids of cameras, joined by commas; empty = all events, otherwise only those of these cameras",
            required = false)
    String cameras() default "";

    @AttributeDefinition(
            name = "Severity",
            description = "This, and what matters more",
            options = {
                @Option(label = "info", value = "info"),
                @Option(label = "warning", value = "warning"),
                @Option(label = "critical", value = "critical")
            })
    String severity() default "info";

    @AttributeDefinition(
            name = "Time limit in milliseconds",
            description = "For one message, from the look-up of the host to the answer",
            min = "100",
            max = "60000")
    int timeoutMs() default Settings.TIMEOUT_MS_DEFAULT;

    @AttributeDefinition(
            name = "Secret",
            description = "whsec_ and 24 to 64 bytes in base64, to sign with; replaced in the file by its sealed form")
    String secret();

    @AttributeDefinition(
            name = "Headers",
            description = "More headers, Name: value, joined by \\n; replaced in the file by their sealed form",
            required = false)
    String headers() default "";
}
