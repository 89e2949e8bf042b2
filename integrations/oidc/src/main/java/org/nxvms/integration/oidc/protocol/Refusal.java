// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.protocol;

import java.util.Locale;

/** Why nobody was signed in; the console has words for each. Adding one means adding words there. */
public enum Refusal {
    /** The provider does not answer, or not as it should. */
    PROVIDER_UNREACHABLE,
    /** The user said no at the provider, or may not use this server there. */
    DENIED,
    /** The provider says that something else is wrong. */
    PROVIDER_ERROR,
    /** What the provider vouches for does not hold. */
    TOKEN_INVALID,
    /** Nobody began this sign-in in this browser, or too long ago, or it was used. */
    EXPIRED,
    /** Too many at once, or the database is away. */
    UNAVAILABLE;

    /** {@return as it stands in addresses and in the audit} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
