// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc;

import org.nxvms.integration.oidc.settings.ProviderSettings;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One provider; a factory configuration {@code org.nxvms.integration.oidc~NAME}. Read by {@link ProviderSettings#of}. */
@ObjectClassDefinition(
        name = "NXvms OpenID provider",
        description = "A button of the sign-in page: people sign in at an OpenID Connect provider")
@interface ProviderConfig {
    @AttributeDefinition(
            name = "Name",
            description = "Unique among all providers, kept with its users and part of addresses: 1..20 of a-z 0-9 -")
    String name();

    @AttributeDefinition(name = "Title", description = "On the button, 1..60 characters")
    String title() default "Single sign-on";

    @AttributeDefinition(
            name = "Issuer",
            description = "The provider's https:// address, just as its discovery document has it in issuer")
    String issuer();

    @AttributeDefinition(name = "Client id", description = "As the provider knows this server")
    String clientId();

    @AttributeDefinition(
            name = "Client secret",
            description = "Empty for a public client; replaced in the file by its sealed form",
            type = AttributeType.PASSWORD,
            required = false)
    String clientSecret() default "";

    @AttributeDefinition(name = "Scopes", description = "What is asked for, openid among it, separated by blanks")
    String scopes() default "openid profile email";

    @AttributeDefinition(name = "Claim of the name", description = "Where the provider says how a user is called")
    String usernameClaim() default "preferred_username";

    @AttributeDefinition(name = "Claim of the groups", description = "Where the provider says a user's groups or roles")
    String groupsClaim() default "groups";

    @AttributeDefinition(
            name = "Roles",
            description =
                    "GROUP=ROLE, separated by semicolons; the first that fits counts, and whom none fits is refused",
            required = false)
    String roles() default "";

    @AttributeDefinition(
            name = "Hours of a session",
            description =
                    "After which somebody signs in at the provider anew, mostly without being asked anything there:"
                            + " so that changed groups count, and who has left stays out",
            min = "1",
            max = "720")
    int sessionHours() default 12;

    @AttributeDefinition(
            name = "Origin",
            description =
                    "Under which browsers reach this server, such as https://nvr.example:8443; empty = as the browser"
                            + " says. The provider is told ORIGIN/api/v1/oidc/NAME/callback",
            required = false)
    String origin() default "";

    @AttributeDefinition(
            name = "Algorithms",
            description = "Of signatures that are believed, joined by commas: RS, PS or ES with 256, 384 or 512")
    String algorithms() default "RS256,PS256,ES256";

    @AttributeDefinition(
            name = "Time limit in milliseconds",
            description = "For one request to the provider, from the look-up of the host to the whole answer",
            min = "500",
            max = "30000")
    int timeoutMs() default 5_000;
}
